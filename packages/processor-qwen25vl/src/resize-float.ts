import { type FloatAxisWeights, floatAxisWeights } from "./resize-weights.ts";
import type { Size } from "./smart-resize.ts";

/**
 * Antialiased bicubic resize in float32: width, then height, with no rounding or clipping between the passes; the result is
 * clamped to 0..255 and rounded half to even. Within one level on 0.02 % of the bytes of `torchvision.transforms.functional.resize`
 * (v1), which qwen-vl-utils calls for the frames of a video.
 *
 * @param rgb - uint8 [F,h,w,3], whole frames.
 * @param from - h and w.
 * @param to - target height and width, at least 1 each.
 * @returns uint8 [F,to.height,to.width,3]; `rgb` itself if the size is right already.
 * @see pytorch v2.14 UpSampleKernel.cpp `separable_upsample_generic_Nd_kernel_impl`; torchvision v0.21 _functional_tensor.py `resize`
 */
export function resizeBicubicFloat(rgb: Uint8Array, from: Size, to: Size): Uint8Array {
  if (from.height === to.height && from.width === to.width) return rgb;
  const inLength = from.height * from.width * 3;
  const outLength = to.height * to.width * 3;
  const frames = rgb.length / inLength;
  const across = floatAxisWeights(from.width, to.width, "float32");
  const down = floatAxisWeights(from.height, to.height, "float32");
  const middle = new Float32Array(from.height * to.width * 3);
  const out = new Uint8ClampedArray(frames * outLength);
  for (let f = 0; f < frames; f++) {
    const src = rgb.subarray(f * inLength, (f + 1) * inLength);
    if (from.width === to.width) middle.set(src);
    else resizeWidth(src, middle, from.width, across);
    resizeHeight(middle, out.subarray(f * outLength, (f + 1) * outLength), down);
  }
  return new Uint8Array(out.buffer);
}

/** src [rows, inWidth, 3] -> dst [rows, O, 3]. */
function resizeWidth(src: Uint8Array, dst: Float32Array, inWidth: number, axis: FloatAxisWeights): void {
  const { starts_O, counts_O, weights_OK, taps } = axis;
  const outWidth = starts_O.length;
  let o = 0;
  for (let row = 0; row < src.length; row += inWidth * 3) {
    for (let x = 0; x < outWidth; x++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let p = (row + starts_O[x]! * 3) | 0;
      const end = (x * taps + counts_O[x]!) | 0;
      for (let k = (x * taps) | 0; k < end; k = (k + 1) | 0, p = (p + 3) | 0) {
        const weight = weights_OK[k]!;
        red += weight * src[p]!;
        green += weight * src[p + 1]!;
        blue += weight * src[p + 2]!;
      }
      dst[o] = red;
      dst[o + 1] = green;
      dst[o + 2] = blue;
      o += 3;
    }
  }
}

/** src [inHeight, row] -> dst [O, row]. Storing into `dst` clamps and rounds half to even. */
function resizeHeight(src: Float32Array, dst: Uint8ClampedArray, axis: FloatAxisWeights): void {
  const { starts_O, counts_O, weights_OK, taps } = axis;
  const rowLength = dst.length / starts_O.length;
  for (let y = 0; y < starts_O.length; y++) {
    const end = (y * taps + counts_O[y]!) | 0;
    for (let i = 0; i < rowLength; i = (i + 1) | 0) {
      let sum = 0;
      let p = (starts_O[y]! * rowLength + i) | 0;
      for (let k = (y * taps) | 0; k < end; k = (k + 1) | 0, p = (p + rowLength) | 0) sum += weights_OK[k]! * src[p]!;
      dst[y * rowLength + i] = Math.fround(sum);
    }
  }
}
