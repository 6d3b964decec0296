import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { frameOf, hasFfmpeg, movingPictures } from "../../test/pictures.ts";
import type { VideoBackend } from "./backend.ts";
import { decodeVideo } from "./decode-video.ts";
import { encodeVideo } from "./encode-video.ts";

const golden = join(import.meta.dirname, "../../test/golden");
const backends: VideoBackend[] = hasFfmpeg ? ["node-av", "ffmpeg"] : ["node-av"];
const shape = { width: 48, height: 32 };
const rgb = movingPictures(600, shape.height, shape.width);
const size = shape.width * shape.height * 3;

let folder: string;
let long: string;
let damaged: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "videor1-window-"));
  long = join(folder, "long.mp4");
  await encodeVideo(long, rgb, { ...shape, fps: 30, lossless: true }); // key frames at 0, 250 and 500
  damaged = join(folder, "damaged.mp4");
  const bytes = await readFile(long);
  const keySlice = Buffer.from([0x65, 0x88]);
  const second = bytes.indexOf(keySlice, bytes.indexOf(keySlice) + 4000);
  bytes.fill(0x55, second + 200, second + 800); // inside the key frame at 250, where only a decoder looks
  await writeFile(damaged, bytes);
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(backends)("%s", (backend) => {
  test("frames of a part of a video, every pixel equal", async () => {
    const clip = await decodeVideo(long, { backend, videoStart: 17, videoEnd: 18.99, nframes: 6 });
    expect(clip).toMatchObject({ indices: [510, 522, 534, 545, 557, 569], frames: 6, totalFrames: 600, warnings: [] });
    expect(clip.fps).toBeCloseTo((6 / 60) * 30, 9);
    clip.indices.forEach((index, place) => {
      expect(Buffer.from(frameOf(clip.rgb, place, size)).equals(frameOf(rgb, index, size))).toBe(true);
    });
  });

  test("groups of pictures before the part are not decoded: damage there goes unseen, unless the whole is asked for", async () => {
    const clip = await decodeVideo(damaged, { backend, videoStart: 17, nframes: 4 });
    expect(clip.warnings).toEqual([]);
    expect(Buffer.from(frameOf(clip.rgb, 3, size)).equals(frameOf(rgb, 599, size))).toBe(true);
    await expect(decodeVideo(damaged, { backend, nframes: 4, videoStart: 9 })).rejects.toThrow("Cannot decode");
    const whole = { backend, whole: true, nframes: 4 };
    await expect(decodeVideo(damaged, { ...whole, videoStart: 17 })).rejects.toThrow("Cannot decode");
    await expect(decodeVideo(damaged, { ...whole, videoEnd: 2 })).rejects.toThrow("Cannot decode");
    await expect(decodeVideo(damaged, { ...whole, whole: false, videoEnd: 2 })).resolves.toMatchObject({
      warnings: [],
    });
  });

  test("a part of fewer than two frames is an error that says what the video holds", async () => {
    await expect(decodeVideo(long, { backend, videoStart: 21 })).rejects.toMatchObject({
      message: expect.stringContaining("21 s to its end holds fewer than two frames of a video of 20.00 s, 600 frames"),
      hint: expect.stringContaining("video_start"),
    });
  });

  /** Of these each backend has to find its way: untimed, few key frames, none marked, open groups, hidden frames. */
  const odd = [
    "video/edit-start.mp4",
    "video/h264.m2ts",
    "video/hevc-open.mkv",
    "video/odd-height.webm",
    "cases/edit-list-ends-early.mp4",
    "cases/m4-nostss.mp4",
    "cases/ns-h263.3gp",
    "cases/og-cut.m2ts",
    "cases/ogh-cut.mkv",
    "cases/ogps-cut.mpg",
    "cases/xvid.avi",
    "cases/delays.gif",
  ];
  test.each(odd)("%s: parts hold the frames that the whole has there", async (name) => {
    const path = join(golden, name);
    const { totalFrames, durationSeconds } = await decodeVideo(path, { backend, nframes: 2 });
    const whole = await decodeVideo(path, { backend, nframes: totalFrames - (totalFrames % 2) });
    const bytes = whole.height * whole.width * 3;
    for (const [from, to] of [
      [0.2, 0.5],
      [0.5, 1],
      [0.7, 0.9],
    ] as const) {
      const window = { videoStart: from * durationSeconds, videoEnd: to * durationSeconds };
      const part = await decodeVideo(path, { backend, ...window, nframes: 4 });
      part.indices.forEach((index, place) => {
        const right = whole.indices.indexOf(index);
        if (right < 0) return; // an odd number of frames: the whole leaves one out
        const [a, b] = [frameOf(part.rgb, place, bytes), frameOf(whole.rgb, right, bytes)];
        expect(Buffer.from(a).equals(b), `frame ${index}`).toBe(true);
      });
    }
  });
});
