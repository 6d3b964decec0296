import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ffmpeg, frameOf, hasFfmpeg, movingPictures } from "../../test/pictures.ts";
import { DecodeError } from "../errors.ts";
import type { VideoBackend } from "./backend.ts";
import { type DecodeVideoOptions, decodeVideo } from "./decode-video.ts";
import { encodeVideo } from "./encode-video.ts";
import { frameIndices, type SampleOptions, smartNframes } from "./sample-frames.ts";

const backends: VideoBackend[] = hasFfmpeg ? ["node-av", "ffmpeg"] : ["node-av"];
const height = 32;
const width = 48;
const size = height * width * 3;

let folder: string;
const file = (name: string) => join(folder, name);

/** A lossless video of `total` frames, and its pixels. */
async function video(name: string, total: number, fps = 8): Promise<{ path: string; rgb: Uint8Array }> {
  const rgb = movingPictures(total, height, width);
  await encodeVideo(file(name), rgb, { width, height, fps, lossless: true });
  return { path: file(name), rgb };
}

let long: { path: string; rgb: Uint8Array };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "videor1-decode-"));
  long = await video("long.mp4", 600, 30); // x264's key frames are 250 apart: three groups
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(backends)("%s", (backend) => {
  test.each<[number, SampleOptions]>([
    [16, {}],
    [40, {}],
    [41, { fps: 4, maxFrames: 32 }],
    [37, { nframes: 7 }],
    [9, { minFrames: 6 }],
    [2, {}],
  ])("%i frames, %j: the frames that the sampling names, every pixel equal", async (total, options) => {
    const { path, rgb } = await video(`v${total}.mp4`, total);
    const clip = await decodeVideo(path, { ...options, backend });
    const indices = frameIndices(total, smartNframes(options, total, 8));
    expect(clip).toMatchObject({ indices, frames: indices.length, height, width, totalFrames: total, kind: "video" });
    expect(clip.fps).toBeCloseTo((indices.length / total) * 8, 9);
    expect(clip.durationSeconds).toBeCloseTo(total / 8, 3);
    expect(clip.warnings).toEqual([]);
    indices.forEach((index, place) => {
      expect(Buffer.from(frameOf(clip.rgb, place, size)).equals(frameOf(rgb, index, size))).toBe(true);
    });
  });

  test("600 frames in three groups of pictures", async () => {
    for (const nframes of [2, 4, 16, 600]) {
      const clip = await decodeVideo(long.path, { nframes, backend });
      expect(clip.indices).toEqual(frameIndices(600, nframes));
      clip.indices.forEach((index, place) => {
        expect(Buffer.from(frameOf(clip.rgb, place, size)).equals(frameOf(long.rgb, index, size))).toBe(true);
      });
    }
  });

  test("pictures and files too large to be decoded on this thread", async () => {
    const rgb = movingPictures(12, 260, 300);
    await encodeVideo(file("large.mp4"), rgb, { height: 260, width: 300, fps: 8, lossless: true });
    const clip = await decodeVideo(file("large.mp4"), { nframes: 12, backend });
    expect(Buffer.from(clip.rgb).equals(rgb)).toBe(true);
  });

  test("a video of one frame is an error, or by option a clip of one", async () => {
    const { path, rgb } = await video("one.mp4", 1);
    await expect(decodeVideo(path, { backend })).rejects.toThrow("cannot sample 1 frames");
    const clip = await decodeVideo(path, { backend, allowSingleFrame: true });
    expect(clip).toMatchObject({ frames: 1, indices: [0], fps: 8 });
    expect(Buffer.from(clip.rgb).equals(rgb)).toBe(true);
  });

  test("more frames than there are", async () => {
    const { path } = await video("few.mp4", 8);
    await expect(decodeVideo(path, { nframes: 16, backend })).rejects.toMatchObject({ code: "DECODE_FAILED", path });
  });

  test.each([
    ["text.mp4", async () => Buffer.from("not a video")],
    ["empty.mp4", async () => Buffer.alloc(0)],
    ["no-index.mp4", async () => (await readFile(long.path)).subarray(0, 20_000)],
    ["noise.mp4", async () => Buffer.from(movingPictures(1, 64, 64))],
  ])("%s is an error that names the file", async (name, make) => {
    await writeFile(file(name), await make());
    const error = await decodeVideo(file(name), { backend }).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(DecodeError);
    expect(error).toMatchObject({ path: file(name), hint: expect.any(String) });
  });

  test("a folder and an absent file are errors", async () => {
    await expect(decodeVideo(folder, { backend })).rejects.toThrow("not a regular file");
    await expect(decodeVideo(file("absent.mp4"), { backend })).rejects.toBeInstanceOf(DecodeError);
  });

  test("a damaged file is an error; by option its readable frames come with warnings", async () => {
    const bytes = await readFile(long.path);
    const data = bytes.indexOf("mdat") + 4;
    for (let i = data + 3000; i < data + 6000; i += 40) bytes[i] = 0xff;
    await writeFile(file("damaged.mp4"), bytes);
    const options: DecodeVideoOptions = { nframes: 16, backend };
    const error = await decodeVideo(file("damaged.mp4"), options).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: "DECODE_FAILED", hint: expect.stringContaining("allowPartial") });
    const clip = await decodeVideo(file("damaged.mp4"), { ...options, allowPartial: true }).catch(
      (error: unknown) => error,
    );
    if (clip instanceof DecodeError) return expect(backend).toBe("ffmpeg"); // all frames or none
    expect(clip).toMatchObject({ warnings: expect.arrayContaining([expect.any(String)]) });
    const { indices, rgb, frames, warnings } = clip as Awaited<ReturnType<typeof decodeVideo>>;
    expect(warnings.length).toBeGreaterThan(0);
    expect(rgb.length).toBe(frames * size);
    const last = indices.length - 1;
    expect(indices[last]).toBe(599); // its group of pictures is sound
    expect(Buffer.from(frameOf(rgb, last, size)).equals(frameOf(long.rgb, 599, size))).toBe(true);
  });

  test("the caller's signal stops it with the caller's reason", async () => {
    const reason = new Error("stopped by the test");
    await expect(decodeVideo(long.path, { backend, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

test("loads of videos at once", async () => {
  const { path, rgb } = await video("many.mp4", 16);
  const clips = await Promise.all(Array.from({ length: 40 }, () => decodeVideo(path, { nframes: 16 })));
  for (const clip of clips) expect(Buffer.from(clip.rgb).equals(rgb)).toBe(true);
});

test.runIf(hasFfmpeg)("what takes too long is an error", async () => {
  const error = await decodeVideo(long.path, { backend: "ffmpeg", timeoutSeconds: 0.001 }).catch(
    (error: unknown) => error,
  );
  expect(error).toMatchObject({ code: "DECODE_FAILED", reason: "takes longer than 0.001 s" });
});

describe.runIf(hasFfmpeg)("both backends see the same frames, pixel for pixel", () => {
  const source = ["-f", "lavfi", "-i", "testsrc2=s=66x50:d=4:r=25"];
  const x264 = ["-c:v", "libx264", "-pix_fmt", "yuv420p"];
  const cases: [name: string, ...args: string[]][] = [
    ["h264.mp4", ...source, ...x264],
    ["bt709.mp4", ...source, "-vf", "scale=out_color_matrix=bt709", "-colorspace", "bt709", ...x264],
    ["full-range.mp4", ...source, "-c:v", "libx264", "-pix_fmt", "yuvj420p", "-color_range", "pc"],
    ["vp9.webm", ...source, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"],
    ["vp8.webm", ...source, "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"],
    ["mpeg4.avi", ...source, "-c:v", "mpeg4", "-bf", "2"],
    ["mpeg2.ts", ...source, "-c:v", "mpeg2video", "-bf", "2"],
    ["h264.ts", ...source, ...x264],
    ["open-groups.mkv", ...source, ...x264, "-x264opts", "open-gop=1:keyint=12"],
    ["variable-rate.mp4", ...source, "-vf", "select=not(mod(n\\,3))+lt(n\\,20)", "-fps_mode", "vfr", ...x264],
    ["fragments.mp4", ...source, ...x264, "-movflags", "frag_keyframe+empty_moov"],
    ["with-sound.mp4", ...source, "-f", "lavfi", "-i", "sine=d=4", ...x264, "-c:a", "aac"],
    ["rotated.mp4", ...source, "-metadata:s:v", "rotate=90", ...x264],
    ["animation.gif", ...source],
  ];

  test.each(cases)("%s", async (name, ...args) => {
    ffmpeg(...args, file(name));
    const [a, b] = await Promise.all(backends.map((backend) => decodeVideo(file(name), { backend, fps: 3 })));
    expect(a).toMatchObject({ totalFrames: b!.totalFrames, indices: b!.indices, height: 50, width: 66 });
    expect(a!.fps).toBeCloseTo(b!.fps, 6);
    expect(Math.abs(a!.durationSeconds - b!.durationSeconds)).toBeLessThan(0.1); // FFmpeg versions differ on the last frame
    expect(Buffer.from(a!.rgb).equals(b!.rgb)).toBe(true);
  });

  test("frames that an edit list hides are not counted", async () => {
    ffmpeg(...source, ...x264, file("whole.mp4"));
    ffmpeg("-ss", "0.73", "-i", file("whole.mp4"), "-c", "copy", file("edited.mp4"));
    const [a, b] = await Promise.all(backends.map((backend) => decodeVideo(file("edited.mp4"), { backend })));
    expect(a!.totalFrames).toBeLessThan(100);
    expect(a).toMatchObject({ totalFrames: b!.totalFrames, indices: b!.indices });
    expect(Buffer.from(a!.rgb).equals(b!.rgb)).toBe(true);
  });

  test("a WebM file cut short", async () => {
    ffmpeg(...source, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", file("sound.webm"));
    const bytes = await readFile(file("sound.webm"));
    await writeFile(file("cut.webm"), bytes.subarray(0, bytes.length / 2));
    for (const backend of backends) {
      await expect(decodeVideo(file("cut.webm"), { backend })).rejects.toThrow("the file is cut short");
    }
    const clip = await decodeVideo(file("cut.webm"), { backend: "node-av", allowPartial: true });
    expect(clip.totalFrames).toBeLessThan(100);
    expect(clip.warnings[0]).toContain("the file is cut short");
  });

  test("an MP4 file cut after its index", async () => {
    ffmpeg(...source, ...x264, "-movflags", "+faststart", file("index-first.mp4"));
    const bytes = await readFile(file("index-first.mp4"));
    await writeFile(file("cut.mp4"), bytes.subarray(0, bytes.length * 0.6));
    for (const backend of backends)
      await expect(decodeVideo(file("cut.mp4"), { backend })).rejects.toBeInstanceOf(DecodeError);
    const clip = await decodeVideo(file("cut.mp4"), { backend: "node-av", allowPartial: true });
    expect(clip.frames).toBeGreaterThan(0);
  });

  test("sound alone is not a video", async () => {
    ffmpeg("-f", "lavfi", "-i", "sine=d=1", file("sound.m4a"));
    for (const backend of backends)
      await expect(decodeVideo(file("sound.m4a"), { backend })).rejects.toThrow("no video stream");
  });
});
