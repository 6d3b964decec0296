import { describe, expect, test } from "vitest";
import { clipOf, readPixels } from "../test/processor-golden.ts";
import type { Clip } from "./clip.ts";
import { parsePixelOptions } from "./processor-config.ts";
import { ImageSizeError } from "./processor-errors.ts";
import { checkClipSize, resizeClip } from "./resize-clip.ts";

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
  expect(() => checkClipSize(given, config)).toThrow(ImageSizeError);
  expect(() => resizeClip(given, config[given.kind])).toThrow(ImageSizeError);
});

const pixels = await readPixels();
describe("resizeClip", () => {
  const options = { patchSize: 14, mergeSize: 2, minPixels: 3136, maxPixels: 12544 };
  const clip = clipOf(pixels, "v5_60x80");

  test("a clip's own bounds and rules win", () => {
    const own = resizeClip({ ...clip, minPixels: 784, maxPixels: 784 * 2 }, options);
    expect([own.height, own.width]).toEqual([28, 28]);
    const thin: Clip = { kind: "image", frames: 1, height: 2, width: 300, rgb: new Uint8Array(1800) };
    expect(resizeClip({ ...thin, resizeRules: "qwenVlUtils" }, options).width).toBe(308);
    expect(resizeClip(thin, options).width).toBe(700);
  });

  test("a clip that is resized is not resized again, where the rules would make it smaller still", () => {
    const thin: Clip = { kind: "image", frames: 1, height: 2, width: 300, rgb: new Uint8Array(1800) };
    const once = resizeClip(thin, options);
    expect(once).toMatchObject({ height: 28, width: 700, resized: true });
    expect(resizeClip({ ...once, resized: false }, options).width).toBeLessThan(700);
    expect(resizeClip(once, options)).toBe(once);
    expect(() => resizeClip({ ...once, rgb: clip.rgb }, options)).toThrow("bytes where 1x28x700x3");
  });

  test("frames may be permuted before or after it", () => {
    const reversed = ({ rgb, frames, ...rest }: Clip): Clip => {
      const length = rgb.length / frames;
      const order = Array.from({ length: frames }, (_, i) => frames - 1 - i);
      return {
        ...rest,
        frames,
        rgb: Uint8Array.from(order.flatMap((f) => [...rgb.subarray(f * length, (f + 1) * length)])),
      };
    };
    const once = resizeClip(clip, options);
    expect(reversed(once)).toEqual(resizeClip(reversed(clip), options));
    expect(reversed(once)).not.toEqual(once);
  });

  test("a clip of the right size keeps its bytes, and fields of the caller's stay", () => {
    const right = {
      ...clip,
      rgb: clip.rgb.subarray(0, 2 * 56 * 84 * 3),
      frames: 2,
      height: 56,
      width: 84,
      path: "a.mp4",
    };
    expect(resizeClip(right, options)).toEqual({ ...right, resized: true });
    expect(resizeClip(right, options).rgb).toBe(right.rgb);
  });

  test("bytes that do not fill the frames, and bounds that leave nothing, are errors, and so is a wrong rate", () => {
    expect(() => resizeClip({ ...clip, frames: 4 }, options)).toThrow("72000 bytes where 4x60x80x3 = 57600 are needed");
    for (const fps of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => resizeClip({ ...clip, fps }, options)).toThrow(`fps=${fps} must be a finite number above 0`);
    expect(() => resizeClip({ ...clip, kind: "image" }, options)).toThrow("an image has 1 frame, not 5");
    const bounded = { ...clip, minPixels: 1, maxPixels: 700, resizeRules: "qwenVlUtils" as const };
    expect(() => resizeClip(bounded, options)).toThrow("Raise maxPixels (now 700)");
    expect(() => resizeClip({ ...bounded, minPixels: 701 }, options)).toThrow("at least 701 pixels and at most 700");
  });

  test("a size asked for is rounded to whole patches", () => {
    const asked = { ...clip, resizedHeight: 130, resizedWidth: 70, maxPixels: 1e6 };
    expect(resizeClip(asked, options)).toMatchObject({ height: 140, width: 56, resized: true });
  });
});
