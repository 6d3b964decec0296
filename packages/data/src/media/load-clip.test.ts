import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { movingPictures } from "../../test/pictures.ts";
import { encodeVideo } from "./encode-video.ts";
import { type ClipOptions, loadClip } from "./load-clip.ts";
import { permuteFrames } from "./permute-frames.ts";

let mediaRoot: string;
const rgb = movingPictures(16, 8, 18);
beforeAll(async () => {
  mediaRoot = await mkdtemp(join(tmpdir(), "videor1-clip-"));
  await mkdir(join(mediaRoot, "a"));
  await encodeVideo(join(mediaRoot, "a/v.mp4"), rgb, { width: 18, height: 8, fps: 8, lossless: true });
  await sharp(rgb.subarray(0, 8 * 18 * 3), { raw: { width: 18, height: 8, channels: 3 } })
    .png()
    .toFile(join(mediaRoot, "i.png"));
});
afterAll(() => rm(mediaRoot, { recursive: true }));

const videoOf = (problemId: number) => ({ dataType: "video", path: "./a/v.mp4", problemId }) as const;

test("a video record", async () => {
  const clip = await loadClip(videoOf(1), { mediaRoot });
  expect(clip).toMatchObject({ kind: "video", frames: 4, height: 8, width: 18, indices: [0, 5, 10, 15], fps: 2 });
});

test("an image record", async () => {
  const clip = await loadClip({ dataType: "image", path: "./i.png", problemId: 1 }, { mediaRoot, nframes: 8 });
  expect(clip).toMatchObject({ kind: "image", frames: 1, height: 8, width: 18, indices: [0] });
  expect(Buffer.from(clip.rgb).equals(rgb.subarray(0, 8 * 18 * 3))).toBe(true);
});

test("uniform time: the clip carries no rate", async () => {
  const clip = await loadClip(videoOf(1), { mediaRoot, time: "uniform" });
  expect("fps" in clip).toBe(false);
});

test("one of several frame counts is chosen by seed and problem id", async () => {
  const counts = async (options: Partial<ClipOptions>) =>
    Promise.all(
      Array.from(
        { length: 20 },
        async (_, id) => (await loadClip(videoOf(id), { mediaRoot, nframes: [4, 8, 16], ...options })).frames,
      ),
    );
  const chosen = await counts({});
  expect(new Set(chosen)).toEqual(new Set([4, 8, 16]));
  expect(await counts({ fps: 2 })).toEqual(chosen); // as MediaOptions hands both over
  expect(await counts({ seed: 1 })).not.toEqual(chosen);
});

test("a media file that is not there", async () => {
  await expect(loadClip({ ...videoOf(1), path: "./b.mp4" }, { mediaRoot })).rejects.toMatchObject({
    code: "MEDIA_NOT_FOUND",
  });
});

test("permuted frames: whole frames move, the rest stays", async () => {
  const clip = await loadClip(videoOf(1), { mediaRoot, nframes: 4 });
  const permuted = permuteFrames(clip, [2, 0, 3, 1]);
  const size = 8 * 18 * 3;
  [2, 0, 3, 1].forEach((from, to) => {
    expect(permuted.rgb.subarray(to * size, (to + 1) * size)).toEqual(
      clip.rgb.subarray(from * size, (from + 1) * size),
    );
  });
  expect({ ...permuted, rgb: clip.rgb }).toEqual(clip);
});
