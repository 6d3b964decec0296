import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeVideo } from "@videor1/data";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { frameStrip } from "./frames.ts";

const mediaRoot = mkdtempSync(join(tmpdir(), "frame-strip-"));
afterAll(() => rmSync(mediaRoot, { recursive: true }));

const shape = { width: 16, height: 16 };
const greyOf = (frame: number) => 10 + 15 * frame;
beforeAll(async () => {
  const bytes = shape.width * shape.height * 3;
  const rgb = Uint8Array.from({ length: 16 * bytes }, (_, i) => greyOf(Math.floor(i / bytes)));
  await encodeVideo(join(mediaRoot, "v.mp4"), rgb, { ...shape, fps: 8, lossless: true });
  for (let f = 0; f < 3; f++)
    await sharp({ create: { ...shape, channels: 3, background: { r: greyOf(f), g: greyOf(f), b: greyOf(f) } } })
      .png()
      .toFile(join(mediaRoot, `${f}.png`));
});

/** The grey of each frame of the strip. */
async function greysOf(
  group: Pick<Parameters<typeof frameStrip>[1], "frameIndices" | "clipFrames" | "media">,
): Promise<number[]> {
  const { uri, count, width } = await frameStrip(mediaRoot, { path: "v.mp4", dataType: "video", ...group });
  const { data } = await sharp(Buffer.from(uri.split(",")[1]!, "base64"))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const channels = data.length / (count * width * shape.height);
  return Array.from({ length: count }, (_, f) => data[f * width * channels]!);
}

test("the frames that the log names, of a part of the video or of a list too", async () => {
  expect(await greysOf({ frameIndices: [0, 5, 10, 15] })).toEqual([0, 5, 10, 15].map(greyOf));
  const part = [{ kind: "video" as const, path: "v.mp4", videoStart: 1, fps: 4 }];
  expect(await greysOf({ frameIndices: [8, 10, 13, 15], media: part })).toEqual([8, 10, 13, 15].map(greyOf));
  const list = [{ kind: "video" as const, path: ["2.png", "0.png", "1.png"], sampleFps: 1 }];
  expect(await greysOf({ frameIndices: [0, 1, 2, 2], media: list })).toEqual([2, 0, 1, 1].map(greyOf));
});

test("the clips of several media, one after the other", async () => {
  const media = [
    { kind: "image" as const, path: "2.png" },
    { kind: "video" as const, path: "v.mp4", videoStart: 1 },
    { kind: "video" as const, path: "v.mp4" },
  ];
  const log = { frameIndices: [0, 8, 15, 0, 5, 10, 15], clipFrames: [1, 2, 4], media };
  expect(await greysOf(log)).toEqual([2, 8, 15, 0, 5, 10, 15].map(greyOf));
});

test("a file that has other frames than the log says", async () => {
  await expect(greysOf({ frameIndices: [0, 5, 10, 14] })).rejects.toMatchObject({ code: "RUN_FILES_DISAGREE" });
});
