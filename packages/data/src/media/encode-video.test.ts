import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasFfmpeg, meanDifference, movingPictures } from "../../test/pictures.ts";
import type { VideoBackend } from "./backend.ts";
import { decodeVideo } from "./decode-video.ts";
import { encodeVideo } from "./encode-video.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "videor1-encode-"));
});
afterAll(() => rm(folder, { recursive: true }));

const shape = { width: 56, height: 56 };
const clip = movingPictures(16, 56, 56);
const noise = Uint8Array.from(clip, (_, i) => (i * 7919) % 251);
const backends: VideoBackend[] = hasFfmpeg ? ["node-av", "ffmpeg"] : ["node-av"];

/** 16 frames with a saturated border 2 pixels wide that changes colour: the hardest picture for 4:2:0 colour. */
function bordered(): Uint8Array {
  const rgb = movingPictures(16, 56, 56);
  const colors = [
    [255, 0, 0],
    [0, 0, 255],
    [0, 200, 0],
    [255, 255, 0],
  ];
  for (let i = 0; i < rgb.length; i += 3) {
    const pixel = i / 3;
    const x = pixel % 56;
    const y = Math.floor(pixel / 56) % 56;
    if (x < 2 || y < 2 || x >= 54 || y >= 54) rgb.set(colors[Math.floor(pixel / 56 / 56 / 4)]!, i);
  }
  return rgb;
}

describe.each(backends)("%s", (backend) => {
  test("lossless: every pixel of every frame comes back, also at odd sizes", async () => {
    for (const [height, width] of [
      [56, 56],
      [43, 57],
      [2, 2],
    ] as const) {
      const rgb = movingPictures(10, height, width);
      const path = join(folder, `lossless-${backend}-${height}.mp4`);
      await encodeVideo(path, rgb, { width, height, fps: 8, lossless: true, backend });
      const decoded = await decodeVideo(path, { nframes: 10 });
      expect(decoded).toMatchObject({ frames: 10, height, width, totalFrames: 10, fps: 8 });
      expect(Buffer.from(decoded.rgb).equals(rgb)).toBe(true);
    }
  });

  test("by default colours survive in a border of 2 pixels", async () => {
    const rgb = bordered();
    const path = join(folder, `border-${backend}.mp4`);
    await encodeVideo(path, rgb, { ...shape, fps: 8, backend });
    const decoded = await decodeVideo(path, { nframes: 16 });
    expect(meanDifference(decoded.rgb, rgb)).toBeLessThan(1);
    const corner = [0, 4, 8, 12].map((frame) => [...decoded.rgb.subarray(frame * 56 * 56 * 3 + 3 * 56).subarray(0, 3)]);
    expect(
      meanDifference(Uint8Array.from(corner.flat()), Uint8Array.of(255, 0, 0, 0, 0, 255, 0, 200, 0, 255, 255, 0)),
    ).toBeLessThan(6);
  });

  test("a larger crf gives a smaller file and a larger error", async () => {
    const sizes: number[] = [];
    const errors: number[] = [];
    for (const crf of [4, 20, 36]) {
      const path = join(folder, `crf-${backend}.mp4`);
      await encodeVideo(path, clip, { ...shape, fps: 8, crf, backend });
      sizes.push((await stat(path)).size);
      errors.push(meanDifference((await decodeVideo(path, { nframes: 16 })).rgb, clip));
    }
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(errors).toEqual([...errors].sort((a, b) => a - b));
    expect(errors[0]).toBeLessThan(errors[2]!);
  });

  test("the same frames give the same bytes", async () => {
    const path = join(folder, `same-${backend}.mp4`);
    const files = new Set<string>();
    for (let i = 0; i < 20; i++) {
      await encodeVideo(path, noise, { ...shape, fps: 8, backend });
      files.add((await readFile(path)).toString("base64"));
    }
    expect(files.size).toBe(1);
  });

  test.each([0.5, 8, 23.976, 29.97, 60])("%f frames per second", async (fps) => {
    const path = join(folder, `fps-${backend}.mp4`);
    await encodeVideo(path, clip, { ...shape, fps, backend });
    const decoded = await decodeVideo(path, { nframes: 16 });
    expect(decoded.fps).toBeCloseTo(fps, 2);
    expect(decoded.durationSeconds).toBeCloseTo(16 / fps, 2);
  });

  test("a folder that does not exist", async () => {
    const path = join(folder, "absent", "a.mp4");
    await expect(encodeVideo(path, clip, { ...shape, fps: 8, backend })).rejects.toMatchObject({
      code: "ENCODE_FAILED",
      path,
    });
  });

  test("what x264 refuses leaves no file behind", async () => {
    const path = join(folder, `refused-${backend}.mp4`);
    await expect(encodeVideo(path, clip, { ...shape, fps: 8, crf: Number.NaN, backend })).rejects.toThrow();
    expect(await readdir(folder)).not.toContain(`refused-${backend}.mp4`);
  });
});

test("bytes that are not whole frames are refused", async () => {
  const path = join(folder, "part.mp4");
  await expect(encodeVideo(path, clip.subarray(1), { ...shape, fps: 8 })).rejects.toThrow(
    "are not whole frames of 56x56x3",
  );
  await expect(encodeVideo(path, new Uint8Array(0), { ...shape, fps: 8 })).rejects.toThrow(RangeError);
  await expect(encodeVideo(path, clip, { ...shape, fps: 0 })).rejects.toThrow("fps=0");
});
