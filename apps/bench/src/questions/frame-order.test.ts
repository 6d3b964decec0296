import type { LoadedClip } from "@videor1/data";
import { randomStream } from "@videor1/random";
import { expect, test } from "vitest";
import { arrangeFrames, type FrameOrder } from "./frame-order.ts";

/** A clip whose frame f is one pixel of the colour f. */
const clipOf = (frames: number, kind: LoadedClip["kind"] = "video"): LoadedClip => ({
  kind,
  frames,
  height: 1,
  width: 1,
  rgb: Uint8Array.from({ length: 3 * frames }, (_, i) => Math.floor(i / 3)),
  indices: Array.from({ length: frames }, (_, f) => 10 * f),
  ...(kind === "video" && { fps: 2, timestamps: Array.from({ length: frames }, (_, f) => f / 2) }),
  minPixels: 1,
  maxPixels: 1,
  resizeRules: "torchvision" as LoadedClip["resizeRules"],
});
const arranged = (order: FrameOrder, clips = [clipOf(1, "image"), clipOf(5)]) =>
  arrangeFrames(clips, order, randomStream(1, "shuffle", 7));
const colours = ({ rgb }: LoadedClip) => [...rgb].filter((_, i) => i % 3 === 0);

test("ordered frames are those of the clip", () => {
  expect(arranged("ordered")).toEqual([clipOf(1, "image"), clipOf(5)]);
});

test("reversed: the frames with their places and times, backwards; images stay", () => {
  const [image, video] = arranged("reversed");
  expect(image).toEqual(clipOf(1, "image"));
  expect(colours(video!)).toEqual([4, 3, 2, 1, 0]);
  expect(video).toMatchObject({ indices: [40, 30, 20, 10, 0], timestamps: [2, 1.5, 1, 0.5, 0], frames: 5 });
});

test("shuffled: the places say in which order", () => {
  const [, video] = arranged("shuffled");
  expect(colours(video!).map((colour) => 10 * colour)).toEqual(video!.indices);
  expect(video!.indices).not.toEqual(clipOf(5).indices);
  expect(video!.indices.toSorted((a, b) => a - b)).toEqual(clipOf(5).indices);
});

test.each([
  [5, 2],
  [4, 1],
  [1, 0],
])("single: of %i frames the middle one, %i", (frames, middle) => {
  const [video] = arranged("single", [clipOf(frames)]);
  expect(colours(video!)).toEqual([middle]);
  expect(video).toMatchObject({ frames: 1, indices: [10 * middle], timestamps: [middle / 2] });
});

test("none: the videos are left out", () => {
  expect(arranged("none")).toEqual([clipOf(1, "image")]);
});
