import { expect, test } from "vitest";
import { type Clip, checkClipSize, resizeClip } from "./clip.ts";
import { parsePixelOptions } from "./processor-config.ts";
import { ImageSizeError } from "./processor-errors.ts";

const config = { image: parsePixelOptions({}, "image"), video: parsePixelOptions({}, "video") };
const clip = (kind: Clip["kind"], height: number, width: number, limits: Partial<Clip> = {}): Clip => {
  const frames = kind === "image" ? 1 : 2;
  return { kind, frames, height, width, rgb: new Uint8Array(frames * height * width * 3), ...limits };
};

test.each([
  ["an ordinary image", clip("image", 56, 84)],
  ["a video as wide as is allowed", clip("video", 4, 800)],
])("%s passes", (_, given) => expect(() => checkClipSize(given, config)).not.toThrow());

test.each([
  ["an image more than 200 times as wide as high", clip("image", 1, 201)],
  ["a video that shrinks to nothing", clip("video", 40, 4000, { maxPixels: 30 * 30, resizeRules: "qwenVlUtils" })],
])("%s is refused as the processor would refuse it", (_, given) => {
  const { patchSize, mergeSize, minPixels, maxPixels } = config[given.kind];
  expect(() => checkClipSize(given, config)).toThrow(ImageSizeError);
  expect(() => resizeClip(given, { factor: patchSize * mergeSize, minPixels, maxPixels })).toThrow(ImageSizeError);
});
