import { type AxisWeights, axisWeights } from "./resize-weights.ts";
import type { Size } from "./smart-resize.ts";

/**
 * The library whose bytes to reproduce: "torchvision" (v2, uint8) for clips with the rules "hf", as transformers does, and
 * "pillow12" for images with the rules "qwenVlUtils", as Video-R1 does. "pillow13" shows with both that the filter itself is
 * right (golden/processor). They differ by one level on under 1 % of bytes, except "pillow13", which runs the vertical pass first
 * when that axis shrinks much more, and then differs by a few levels on about a quarter of the bytes.
 */
export type ResizeVariant = "torchvision" | "pillow12" | "pillow13";

/**
 * Antialiased bicubic resize of uint8 frames: two separable fixed-point passes with rounding and clipping to a byte between
 * them. "torchvision" equals `torchvision.transforms.v2.functional.resize` on uint8 CPU tensors with AVX, which transformers'
 * default ("fast") processors call.
 *
 * @param rgb - uint8 [F,h,w,3].
 * @param from - h and w.
 * @param to - target height and width, at least 1 each.
 * @returns uint8 [F,to.height,to.width,3]; `rgb` itself if the size is right already.
 * @throws {RangeError} If `rgb` is not a whole number of frames, or the target is empty.
 * @see pytorch v2.14 UpSampleKernelAVXAntialias.h; python-pillow 13.0 Resample.c `ImagingResample`
 */
export function resizeBicubic(
  rgb: Uint8Array,
  from: Size,
  to: Size,
  variant: ResizeVariant = "torchvision",
): Uint8Array {
  const inLength = from.height * from.width * 3;
  const outLength = to.height * to.width * 3;
  if (!(to.height >= 1 && to.width >= 1)) throw new RangeError(`resize: target ${to.height}x${to.width} is empty`);
  if (inLength === 0 || rgb.length % inLength !== 0) {
    throw new RangeError(`resize: ${rgb.length} bytes are not frames of ${from.height}x${from.width}x3`);
  }
  if (from.height === to.height && from.width === to.width) return rgb;

  const frames = rgb.length / inLength;
  const fixedPoint = variant === "torchvision" ? "int16" : "int32";
  const across = axisWeights(from.width, to.width, fixedPoint);
  const down = axisWeights(from.height, to.height, fixedPoint);
  const heightFirst = variant === "pillow13" && shrinksMostlyDown(from, to);
  const middle = new Uint8ClampedArray(heightFirst ? to.height * from.width * 3 : from.height * to.width * 3);
  const out = new Uint8ClampedArray(frames * outLength);
  for (let f = 0; f < frames; f++) {
    const src = rgb.subarray(f * inLength, (f + 1) * inLength);
    const dst = out.subarray(f * outLength, (f + 1) * outLength);
    if (from.width === to.width) resizeHeight(src, dst, down);
    else if (from.height === to.height) resizeWidth(src, dst, from.width, across);
    else if (heightFirst) {
      resizeHeight(src, middle, down);
      resizeWidth(middle, dst, from.width, across);
    } else {
      resizeWidth(src, middle, from.width, across);
      resizeHeight(middle, dst, down);
    }
  }
  return new Uint8Array(out.buffer);
}

/** True if Pillow 13 (python-pillow#9549) runs the vertical pass first; the rule is fitted, verified on 1500 sizes. */
function shrinksMostlyDown(from: Size, to: Size): boolean {
  return to.height < from.height && from.height - to.height > 2 * (from.width - to.width);
}

type Bytes = Uint8Array | Uint8ClampedArray;

// Math.imul and `| 0` keep the sums in integer registers: a quarter less time.

/** src [rows, inWidth, 3] -> dst [rows, O, 3]. */
function resizeWidth(src: Bytes, dst: Uint8ClampedArray, inWidth: number, axis: AxisWeights): void {
  const { starts_O, counts_O, weights_OK, taps, precision } = axis;
  const outWidth = starts_O.length;
  const half = 1 << (precision - 1);
  let o = 0;
  for (let row = 0; row < src.length; row += inWidth * 3) {
    for (let x = 0; x < outWidth; x++) {
      let red = half;
      let green = half;
      let blue = half;
      let p = (row + starts_O[x]! * 3) | 0;
      const end = (x * taps + counts_O[x]!) | 0;
      for (let k = (x * taps) | 0; k < end; k = (k + 1) | 0, p = (p + 3) | 0) {
        const weight = weights_OK[k]!;
        red = (red + Math.imul(weight, src[p]!)) | 0;
        green = (green + Math.imul(weight, src[p + 1]!)) | 0;
        blue = (blue + Math.imul(weight, src[p + 2]!)) | 0;
      }
      dst[o] = red >> precision;
      dst[o + 1] = green >> precision;
      dst[o + 2] = blue >> precision;
      o += 3;
    }
  }
}

/** src [inHeight, row] -> dst [O, row]. */
function resizeHeight(src: Bytes, dst: Uint8ClampedArray, axis: AxisWeights): void {
  const { starts_O, counts_O, weights_OK, taps, precision } = axis;
  const rowLength = dst.length / starts_O.length;
  const half = 1 << (precision - 1);
  for (let y = 0; y < starts_O.length; y++) {
    const end = (y * taps + counts_O[y]!) | 0;
    for (let i = 0; i < rowLength; i++) {
      let sum = half;
      let p = (starts_O[y]! * rowLength + i) | 0;
      for (let k = (y * taps) | 0; k < end; k = (k + 1) | 0, p = (p + rowLength) | 0)
        sum = (sum + Math.imul(weights_OK[k]!, src[p]!)) | 0;
      dst[y * rowLength + i] = sum >> precision;
    }
  }
}
