import { softmaxRow, rowBytes } from "./attention-rows";
import { sumLanes } from "./lanes";
import { madd4 } from "./math";

/**
 * One query of one head over S keys and values that lie `stride` bytes apart, read once and in place: what a decoding
 * step needs. H is a multiple of 4; `p` takes the probabilities.
 */
export function decode(
  q: usize, k: usize, v: usize, stride: usize, bias: usize, S: i32, H: i32, scale: f32, out: usize, p: usize,
): void {
  const head = <usize>H << 2;
  let s = 0;
  for (; s + 4 <= S; s += 4, k += 4 * stride) v128.store(p + (<usize>s << 2), dotRows4(q, k, stride, head));
  for (; s < S; s++, k += stride) store<f32>(p + (<usize>s << 2), dotRow(q, k, head));
  softmaxRow(p, bias, S, rowBytes(S), scale);
  let i: usize = 0;
  for (; i + 64 <= head; i += 64) sumOfSixteen(p, v + i, stride, S, out + i, false);
  for (; i < head; i += 16) sumOfFour(p, v + i, stride, S, out + i, false);
}

export function dotRow(a: usize, b: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) sum = madd4(v128.load(a + i), v128.load(b + i), sum);
  return sumLanes(sum);
}

/** The dot products of a with b and the three rows after it. */
export function dotRows4(a: usize, b: usize, stride: usize, bytes: usize): v128 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  const b1 = b + stride;
  const b2 = b1 + stride;
  const b3 = b2 + stride;
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(a + i);
    s0 = madd4(x, v128.load(b + i), s0);
    s1 = madd4(x, v128.load(b1 + i), s1);
    s2 = madd4(x, v128.load(b2 + i), s2);
    s3 = madd4(x, v128.load(b3 + i), s3);
  }
  // Transpose and add.
  const low = f32x4.add(v128.shuffle<f32>(s0, s1, 0, 4, 1, 5), v128.shuffle<f32>(s0, s1, 2, 6, 3, 7));
  const high = f32x4.add(v128.shuffle<f32>(s2, s3, 0, 4, 1, 5), v128.shuffle<f32>(s2, s3, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(low, high, 0, 1, 4, 5), v128.shuffle<f32>(low, high, 2, 3, 6, 7));
}

/** out[0..15] = sum over s of p[s] v[s, 0..15], to what is there if `accumulate`. */
export function sumOfSixteen(p: usize, v: usize, stride: usize, S: i32, out: usize, accumulate: bool): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  if (accumulate) {
    s0 = v128.load(out);
    s1 = v128.load(out, 16);
    s2 = v128.load(out, 32);
    s3 = v128.load(out, 48);
  }
  for (let s = 0; s < S; s++, p += 4, v += stride) {
    const x = v128.load32_splat(p);
    s0 = madd4(x, v128.load(v), s0);
    s1 = madd4(x, v128.load(v, 16), s1);
    s2 = madd4(x, v128.load(v, 32), s2);
    s3 = madd4(x, v128.load(v, 48), s3);
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
}

export function sumOfFour(p: usize, v: usize, stride: usize, S: i32, out: usize, accumulate: bool): void {
  let sum = accumulate ? v128.load(out) : f32x4.splat(0);
  for (let s = 0; s < S; s++, p += 4, v += stride) sum = madd4(v128.load32_splat(p), v128.load(v), sum);
  v128.store(out, sum);
}
