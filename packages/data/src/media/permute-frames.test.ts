import { expect, test } from "vitest";
import { permuteFrames, permuteVideos } from "./permute-frames.ts";

const clip = {
  rgb: Uint8Array.from({ length: 4 * 6 }, (_, i) => i), // 4 frames of 1 x 2 pixels
  frames: 4,
  height: 1,
  width: 2,
  kind: "video" as const,
  fps: 2,
};

test("frame f shows what frame permutation[f] showed; the rest of the clip stays", () => {
  const { rgb, ...rest } = permuteFrames(clip, [2, 0, 3, 1]);
  expect([...rgb]).toEqual([12, 13, 14, 15, 16, 17, 0, 1, 2, 3, 4, 5, 18, 19, 20, 21, 22, 23, 6, 7, 8, 9, 10, 11]);
  expect(rest).toEqual({ frames: 4, height: 1, width: 2, kind: "video", fps: 2 });
  expect(clip.rgb[0]).toBe(0);
});

test.each([
  ["too few frames", [0, 1, 2]],
  ["too many", [0, 1, 2, 3, 4]],
  ["a frame twice", [0, 1, 1, 3]],
  ["a frame that is not there", [0, 1, 2, 4]],
])("%s is a mistake, not a black frame", (_, permutation) => {
  expect(() => permuteFrames(clip, permutation)).toThrow(RangeError);
});

test("each video among clips is permuted by itself; images stay", () => {
  const image = { ...clip, kind: "image" as const, frames: 1, rgb: clip.rgb.subarray(0, 6) };
  const short = { ...clip, frames: 2, rgb: clip.rgb.subarray(0, 12) };
  const asked: number[] = [];
  const { clips, permutation } = permuteVideos([image, clip, short], (frames) => {
    asked.push(frames);
    return Array.from({ length: frames }, (_, f) => frames - 1 - f);
  });
  expect(asked).toEqual([4, 2]);
  expect(permutation).toEqual([0, 4, 3, 2, 1, 6, 5]);
  expect(clips[0]).toBe(image);
  expect(clips[1]).toEqual(permuteFrames(clip, [3, 2, 1, 0]));
  expect([...clips[2]!.rgb]).toEqual([6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5]);
});
