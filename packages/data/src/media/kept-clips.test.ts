import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MediaOptions } from "../options.ts";
import { loadClips } from "./load-clips.ts";

let mediaRoot: string;
const pictureBytes = 6 * 4 * 3;
beforeAll(async () => {
  mediaRoot = await mkdtemp(join(tmpdir(), "videor1-kept-"));
  await sharp({ create: { width: 6, height: 4, channels: 3, background: "red" } })
    .png()
    .toFile(join(mediaRoot, "a.png"));
  await copyFile(join(mediaRoot, "a.png"), join(mediaRoot, "b.png"));
});
afterAll(() => rm(mediaRoot, { recursive: true }));

const load = async (path: string, keepBytes: number) => {
  const options = MediaOptions.parse({ mediaRoot, decoder: { keepBytes } });
  return (await loadClips({ dataType: "image", path, problemId: 1 }, options))[0]!;
};

test("frames that fit are decoded once, and every reader owns them; those that do not are read again", async () => {
  const first = await load("a.png", pictureBytes);
  await load("b.png", pictureBytes);
  await rm(join(mediaRoot, "a.png"));
  await rm(join(mediaRoot, "b.png"));
  const again = await load("a.png", pictureBytes);
  expect(again).toEqual(first);
  again.rgb.fill(0);
  expect(await load("a.png", pictureBytes)).toEqual(first);
  await expect(load("b.png", pictureBytes)).rejects.toThrow("b.png");
  await expect(load("a.png", 0)).rejects.toThrow("a.png");
});
