import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { frameOf, movingPictures } from "../../test/pictures.ts";
import { MediaOptions } from "../options.ts";
import { decodeFrames } from "./decode-frames.ts";
import { loadClips } from "./load-clips.ts";

const shape = { width: 18, height: 8 };
const rgb = movingPictures(11, shape.height, shape.width);
const size = shape.width * shape.height * 3;

let mediaRoot: string;
const file = (name: string) => join(mediaRoot, name);
const write = (name: string, f: number) =>
  sharp(frameOf(rgb, f, size), { raw: { ...shape, channels: 3 } })
    .png()
    .toFile(file(name));
beforeAll(async () => {
  mediaRoot = await mkdtemp(join(tmpdir(), "videor1-frames-"));
  await mkdir(file("v"));
  for (let f = 0; f < 11; f += 1) await write(`v/frame_${f}.png`, f);
  await writeFile(file("v/notes.txt"), "not a frame");
  await writeFile(file("v/.hidden.png"), "not a frame");
  await sharp({ create: { width: 20, height: 8, channels: 3, background: "red" } })
    .png()
    .toFile(file("wide.png"));
});
afterAll(() => rm(mediaRoot, { recursive: true }));

const options = (changes: object = {}) => MediaOptions.parse({ mediaRoot, time: "real", ...changes });
const clipOf = async (item: object, changes?: object) => {
  const media = [{ kind: "video" as const, path: "v", ...item }];
  const [clip] = await loadClips({ problemId: 1, dataType: "video", path: "v", media }, options(changes));
  return clip!;
};
const shows = (clip: { rgb: Uint8Array }, frames: number[]) =>
  frames.forEach((f, place) => {
    expect(Buffer.from(frameOf(clip.rgb, place, size)).equals(frameOf(rgb, f, size))).toBe(true);
  });

test("a list is taken whole, of an odd number the last twice, whatever the config samples", async () => {
  const path = ["v/frame_7.png", "v/frame_2.png", "v/frame_9.png"];
  const clip = await clipOf({ path, sampleFps: 0.5 }, { nframes: 2 });
  expect(clip).toMatchObject({
    kind: "video",
    frames: 4,
    ...shape,
    indices: [0, 1, 2, 2],
    fps: 0.5,
    timestamps: [0, 2, 4, 4],
  });
  shows(clip, [7, 2, 9, 9]);
});

test("a list may say the time of each frame, which gives the rate", async () => {
  const path = ["v/frame_7.png", "v/frame_2.png", "v/frame_9.png"];
  const clip = await clipOf({ path, timestamps: [10, 11.5, 14] });
  expect(clip).toMatchObject({ indices: [0, 1, 2, 2], fps: 0.5, timestamps: [10, 11.5, 14, 14] });
  expect(await clipOf({ path: ["v/frame_7.png"], timestamps: [3] })).toMatchObject({ fps: 2, timestamps: [3, 3] });
});

test("a folder is a video whose frames are its images in natural order, at the rate that the record gives", async () => {
  const clip = await clipOf({}, { nframes: 4 });
  expect(clip).toMatchObject({ frames: 4, indices: [0, 3, 7, 10] });
  expect(clip.fps).toBeCloseTo((4 / 11) * 2, 9);
  shows(clip, [0, 3, 7, 10]); // in the order of their names as texts frame_10 would be the third
  expect((await clipOf({ sampleFps: 5, videoStart: 1, videoEnd: 1.4, nframes: 2 })).indices).toEqual([5, 7]);
  expect((await clipOf({ sampleFps: 1 }, { fps: 2, maxFrames: 64 })).indices).toHaveLength(10);
});

test("a folder of one image is a video of one frame", async () => {
  await mkdir(file("one"));
  await write("one/0.png", 4);
  await expect(clipOf({ path: "one" })).rejects.toMatchObject({
    hint: expect.stringContaining("allowSingleFrame=true"),
  });
  expect(await clipOf({ path: "one" }, { decoder: { allowSingleFrame: true } })).toMatchObject({
    frames: 1,
    indices: [0],
  });
});

test("frames of two sizes, no frame, a frame that is no image, and a frame outside are errors that name it", async () => {
  const path = ["v/frame_1.png", "wide.png"];
  await expect(clipOf({ path })).rejects.toMatchObject({
    message: expect.stringMatching(/wide\.png: a frame of 20x8, where the first is of 18x8/),
    hint: expect.stringContaining("one size"),
  });
  await mkdir(file("none"));
  await writeFile(file("none/a.txt"), "");
  await expect(clipOf({ path: "none" })).rejects.toMatchObject({ reason: "the folder holds no images" });
  await expect(clipOf({ path: ["v/notes.txt"] })).rejects.toMatchObject({ path: file("v/notes.txt") });
  for (const outside of ["../x.png", "/x.png"])
    await expect(clipOf({ path: ["v/frame_1.png", outside] })).rejects.toMatchObject({ code: "MEDIA_OUTSIDE_ROOT" });
});

test("the caller's signal stops it", async () => {
  const reason = new Error("stopped by the test");
  const signal = AbortSignal.abort(reason);
  await expect(decodeFrames([file("v/frame_1.png")], { signal })).rejects.toBe(reason);
});
