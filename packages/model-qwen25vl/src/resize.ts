import { type AxisWeights, axisWeights } from "./resize-weights.ts";
import type { Size } from "./smart-resize.ts";

/**
 * Whose bytes to reproduce. They differ by one level on under 1 % of bytes, except "pillow13", which runs the vertical
 * pass first when that axis shrinks much more, and then differs by a few levels on about a quarter of the bytes.
 */
export type ResizeVariant = "torchvision" | "pillow12" | "pillow13";

/**
 * Antialiased bicubic resize of uint8 frames: two separable fixed-point passes with rounding and clipping to a byte between them.
 * "torchvision" equals `torchvision.transforms.v2.functional.resize` on uint8 CPU tensors with AVX, which transformers' default
 * ("fast") processors call. Frames that already have the target size are returned as they are.
 *
 * @param rgb - uint8 [F,h,w,3].
 * @param from - h and w.
 * @param to - target height and width, at least 1 each.
 * @returns uint8 [F,to.height,to.width,3]; `rgb` itself if nothing changes.
 * @throws {RangeError} If `rgb` is not a whole number of frames, or the target is empty.
 * @see pytorch v2.14 UpSampleKernelAVXAntialias.h; python-pillow 13.0 Resample.c `ImagingResample`
 */
export function resizeBicubic(rgb: Uint8Array, from: Size, to: Size, variant: ResizeVariant = "torchvision"): Uint8Array {
  const inLength = from.height * from.width * 3;
  const outLength = to.height * to.width * 3;
  if (!(to.height >= 1 && to.width >= 1)) throw new RangeError(`resize: target ${to.height}x${to.width} is empty`);
  if (inLength === 0 || rgb.length % inLength !== 0) {
    throw new RangeError(`resize: ${rgb.length} bytes are not frames of ${from.height}x${from.width}x3`);
  }
  if (from.height === to.height && from.width === to.width) return rgb;

  const frames = rgb.length / inLength;
  const fixedPoint = variant === "torchvision" ? "int16" : "int32";
  const across = from.width === to.width ? undefined : axisWeights(from.width, to.width, fixedPoint);
  const down = from.height === to.height ? undefined : axisWeights(from.height, to.height, fixedPoint);
  const passes = [
    across && { rows: from.height, run: (src: Bytes, dst: Bytes) => resizeWidth(src, dst, from.width, across) },
    down && { rows: to.height, run: (src: Bytes, dst: Bytes) => resizeHeight(src, dst, down) },
  ].filter((pass) => pass !== undefined);
  const out = new Uint8ClampedArray(frames * outLength);
  const heightFirst = variant === "pillow13" && shrinksMostlyDown(from, to);
  const middle = new Uint8ClampedArray(heightFirst ? to.height * from.width * 3 : from.height * to.width * 3);
  for (let f = 0; f < frames; f++) {
    const src = rgb.subarray(f * inLength, (f + 1) * inLength);
    const dst = out.subarray(f * outLength, (f + 1) * outLength);
    if (!across || !down) {
      if (across) resizeWidth(src, dst, from.width, across);
      if (down) resizeHeight(src, dst, down);
    } else if (heightFirst) {
      resizeHeight(src, middle, down);
      resizeWidth(middle, dst, from.width, across);
    } else {
      resizeWidth(src, middle, from.width, across);
      resizeHeight(middle, dst, down);
    }
  }
  return new Uint8Array(out.buffer);
}
