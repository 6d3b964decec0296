import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { movingPictures } from "../../test/pictures.ts";
import { MediaOptions } from "../options.ts";
import { encodeVideo } from "./encode-video.ts";
import { loadClips } from "./load-clips.ts";
import { permuteFrames } from "./permute-frames.ts";

const shape = { width: 18, height: 8 };
const rgb = movingPictures(16, shape.height, shape.width);
const frameBytes = shape.width * shape.height * 3;

let mediaRoot: string;
beforeAll(async () => {
  mediaRoot = await mkdtemp(join(tmpdir(), "videor1-clip-"));
  await mkdir(join(mediaRoot, "a"));
  await encodeVideo(join(mediaRoot, "a/v.mp4"), rgb, { ...shape, fps: 16, lossless: true });
  const image = sharp(rgb.subarray(0, frameBytes), { raw: { ...shape, channels: 3 } });
  await image.png().toFile(join(mediaRoot, "i.png"));
});
afterAll(() => rm(mediaRoot, { recursive: true }));

const loadClip = async (...args: Parameters<typeof loadClips>) => (await loadClips(...args))[0]!;

const options = (changes: object = {}) => MediaOptions.parse({ mediaRoot, ...changes });
const videoOf = (problemId: number | string) => ({ dataType: "video", path: "./a/v.mp4", problemId }) as const;

test("a video record, with the pixel limits of the code and its uniform time", async () => {
  const clip = await loadClip(videoOf(1), options());
  expect(clip).toMatchObject({ kind: "video", frames: 4, ...shape, indices: [0, 5, 10, 15], fps: 2 });
  expect(clip).toMatchObject({ minPixels: 100_352, maxPixels: 105_369, resizeRules: "qwenVlUtils" });
  [0, 5, 10, 15].forEach((index, place) => {
    const frame = clip.rgb.subarray(place * frameBytes, (place + 1) * frameBytes);
    expect(frame).toEqual(rgb.subarray(index * frameBytes, (index + 1) * frameBytes));
  });
});

test("real time is the sampled rate", async () => {
  expect((await loadClip(videoOf(1), options({ time: "real" }))).fps).toBe(4);
});

test("an image record", async () => {
  const clip = await loadClip({ dataType: "image", path: "./i.png", problemId: 1 }, options({ nframes: 8 }));
  expect(clip).toMatchObject({ kind: "image", frames: 1, ...shape, indices: [0], minPixels: 3136, maxPixels: 200_704 });
  expect(clip.rgb).toEqual(rgb.subarray(0, frameBytes));
});

test("what the record asks of its frames goes before the config", async () => {
  const framesOf = async (asked: object, config: object) => {
    const media = [{ kind: "video" as const, path: "./a/v.mp4", ...asked }];
    return (await loadClip({ ...videoOf(1), media }, options(config))).indices;
  };
  expect(await framesOf({ nframes: 4 }, { nframes: 8 })).toEqual([0, 5, 10, 15]);
  expect(await framesOf({ fps: 8 }, { nframes: 2 })).toEqual([0, 2, 4, 6, 9, 11, 13, 15]); // a rate replaces a count
  expect(await framesOf({ maxFrames: 2 }, { nframes: 8, fps: 16 })).toEqual([0, 15]);
  expect(await framesOf({ videoStart: 0.5 }, { nframes: 2 })).toEqual([8, 15]);
  expect(await framesOf({ videoEnd: 0.5 }, {})).toEqual([0, 3, 5, 8]);
});

test("a video of fewer frames than asked for is an error, or by the config taken whole", async () => {
  await expect(loadClip(videoOf(1), options({ nframes: 32 }))).rejects.toMatchObject({
    hint: expect.stringContaining("clampNframes=true in the section media"),
  });
  expect(await loadClip(videoOf(1), options({ nframes: 32, clampNframes: true }))).toMatchObject({ frames: 16 });
  const media = [{ kind: "video" as const, path: "./a/v.mp4", nframes: 64, videoStart: 0.5 }];
  const part = await loadClip({ ...videoOf(1), media }, options({ clampNframes: true }));
  expect(part.indices).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
});

test("a record's largest frame may be larger than the config's, up to qwen-vl-utils' limit", async () => {
  const limits = async (asked: object, config: object = {}) => {
    const media = [{ kind: "video" as const, path: "./a/v.mp4", nframes: 2, ...asked }];
    return (await loadClip({ ...videoOf(1), media }, options(config))).maxPixels;
  };
  expect(await limits({ maxPixels: 200_704 })).toBe(200_704);
  expect(await limits({ maxPixels: 9e6 })).toBe(768 * 784);
  expect(await limits({ maxPixels: 9e6 }, { videoMaxPixels: 1e6 })).toBe(1e6);
  expect(await limits({ totalPixels: 120_000, minPixels: 784 })).toBe(100_352);
  expect(await limits({ totalPixels: 50_000, minPixels: 784 })).toBe(50_000);
});

test("one of several frame counts is chosen by seed and problem id", async () => {
  const counts = (seed: number, idOf: (i: number) => number | string) =>
    Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const { frames } = await loadClip(videoOf(idOf(i)), options({ nframes: [4, 8, 16] }), { seed });
        return frames;
      }),
    );
  for (const idOf of [(i: number) => i, (i: number) => `video ${i}`]) {
    const chosen = await counts(0, idOf);
    expect(new Set(chosen)).toEqual(new Set([4, 8, 16]));
    expect(await counts(0, idOf)).toEqual(chosen);
    expect(await counts(1, idOf)).not.toEqual(chosen);
  }
});

test("a media file that is not there", async () => {
  const absent = { ...videoOf(1), path: "./b.mp4" };
  await expect(loadClip(absent, options())).rejects.toMatchObject({ code: "MEDIA_NOT_FOUND" });
});

test("the caller's signal stops it", async () => {
  const reason = new Error("stopped by the test");
  await expect(loadClip(videoOf(1), options(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test("the section decoder of the config reaches the decoder", async () => {
  await encodeVideo(join(mediaRoot, "one.mp4"), rgb.subarray(0, frameBytes), { ...shape, fps: 16, lossless: true });
  const one = { ...videoOf(1), path: "./one.mp4" };
  await expect(loadClip(one, options())).rejects.toMatchObject({
    hint: expect.stringContaining("allowSingleFrame=true in the section media.decoder"),
  });
  expect(await loadClip(one, options({ decoder: { allowSingleFrame: true } }))).toMatchObject({ frames: 1 });
});

test("a damaged video is refused with what to set, or taken in part with a warning", async () => {
  const bytes = await readFile(join(mediaRoot, "a/v.mp4"));
  const data = bytes.indexOf("mdat") + 4;
  bytes.fill(0xff, data + (bytes.length - data) / 3, data + (bytes.length - data) / 2);
  await writeFile(join(mediaRoot, "damaged.mp4"), bytes);
  const damaged = { ...videoOf(7), path: "./damaged.mp4" };
  const nodeAv = { backend: "node-av" };
  await expect(loadClip(damaged, options({ decoder: nodeAv }))).rejects.toMatchObject({
    hint: expect.stringContaining("allowPartial=true in the section media.decoder"),
  });
  const lines: string[] = [];
  const onWarning = (line: string) => lines.push(line);
  const clip = await loadClip(damaged, options({ decoder: { ...nodeAv, allowPartial: true } }), { onWarning });
  expect(clip.frames).toBeGreaterThan(0);
  expect(lines).toEqual([expect.stringMatching(/^Record 7, .*damaged\.mp4: \d+ frames taken; /)]);
});

test("permuted frames: whole frames move, the rest stays", async () => {
  const clip = await loadClip(videoOf(1), options({ nframes: 4 }));
  const permuted = permuteFrames(clip, [2, 0, 3, 1]);
  [2, 0, 3, 1].forEach((from, to) => {
    const moved = permuted.rgb.subarray(to * frameBytes, (to + 1) * frameBytes);
    expect(moved).toEqual(clip.rgb.subarray(from * frameBytes, (from + 1) * frameBytes));
  });
  expect({ ...permuted, rgb: clip.rgb }).toEqual(clip);
});

test("several media in their order, with one choice among frame counts", async () => {
  const media = [
    { kind: "image" as const, path: "i.png" },
    { kind: "video" as const, path: "a/v.mp4" },
    { kind: "video" as const, path: "a/v.mp4", nframes: 2 },
    { kind: "video" as const, path: "a/v.mp4" },
  ];
  const [image, first, second, third] = await loadClips({ ...videoOf(3), media }, options({ nframes: [4, 8, 16] }));
  expect([image!.kind, image!.frames, second!.frames]).toEqual(["image", 1, 2]);
  expect(first!.frames).toBe(third!.frames);
});
