/** Frames and resized frames of small videos, as qwen-vl-utils with decord gives them (packages/data/test/golden/video). */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { decodeVideo } from "@videor1/data";
import { resizeClip } from "@videor1/processor-qwen25vl";
import { expect, test } from "vitest";

interface GoldenVideo {
  file: string;
  frames: number;
  shape: [height: number, width: number];
  indices: number[];
  sampleFps: number;
  /** Of each frame, uint8 [h, w, 3]. */
  rgbSha256: string[];
  /** By Video-R1's limits; `middleRows`: place of a frame -> the bytes of its row height / 2, base64. */
  resized: { height: number; width: number; middleRows: Record<string, string> };
}

const folder = new URL("../packages/data/test/golden/video/", import.meta.url);
const { videos } = JSON.parse(readFileSync(new URL("frames.json", folder), "utf8")) as { videos: GoldenVideo[] };
const limits = { minPixels: 100_352, maxPixels: 105_369, resizeRules: "qwenVlUtils" } as const;
const options = { patchSize: 14, mergeSize: 2, minPixels: 1, maxPixels: 1 };

test.each(videos)("$file", async ({ file, ...right }) => {
  const clip = await decodeVideo(new URL(file, folder).pathname, { nframes: 16 });
  const [height, width] = right.shape;
  expect(clip).toMatchObject({ totalFrames: right.frames, indices: right.indices, height, width });
  expect(clip.fps).toBeCloseTo(right.sampleFps, 6);
  const framesOf = (rgb: Uint8Array) =>
    right.indices.map((_, i) => rgb.subarray((i * rgb.length) / 16, ((i + 1) * rgb.length) / 16));
  const hashes = framesOf(clip.rgb).map((frame) => createHash("sha256").update(frame).digest("hex"));
  expect(hashes).toEqual(right.rgbSha256);

  const resized = resizeClip({ ...clip, ...limits }, options);
  const { middleRows, ...size } = right.resized;
  expect(resized).toMatchObject(size);
  const frames = framesOf(resized.rgb);
  for (const [place, base64] of Object.entries(middleRows)) {
    const row = Buffer.from(base64, "base64");
    const start = Math.floor(size.height / 2) * row.length;
    const off = [...row].map((byte, i) => Math.abs(byte - frames[Number(place)]![start + i]!));
    expect(Math.max(...off)).toBeLessThanOrEqual(1);
    expect(off.filter((levels) => levels > 0).length / row.length).toBeLessThan(0.005);
  }
});
