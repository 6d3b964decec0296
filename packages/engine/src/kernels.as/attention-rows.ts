// Rows of attention probabilities. A row is padded to whole panels of 8 keys.
import { maxLanes, sumLanes } from "./lanes";
import { exp4 } from "./math";
import { multiply } from "./panels";

/** Queries of one head whose probabilities exist at a time. */
// @ts-ignore: decorator
@inline
export const BLOCK: i32 = 16;

/** Bytes of a padded row over `keys` keys. */
// @ts-ignore: decorator
@inline
export function rowBytes(keys: i32): usize {
  return <usize>((keys + 7) & ~7) << 2;
}

/** How many keys query t may see: causal attention is aligned so that the last query sees the last key. */
// @ts-ignore: decorator
@inline
export function visibleKeys(t: i32, T: i32, S: i32, causal: bool): i32 {
  return causal ? max(0, min(S, t + 1 + S - T)) : S;
}

/** bias[s] = 0 for a key that may be seen, -infinity for one that may not and for the padding. No mask (0): all may. */
export function keyBias(mask: usize, S: i32, bias: usize): void {
  const bytes = <i32>rowBytes(S);
  for (let i = 0; i < bytes; i += 4) {
    const seen = i < S << 2 && (mask == 0 || load<i32>(mask + i) != 0);
    store<f32>(bias + i, seen ? 0 : <f32>-Infinity);
  }
}

/**
 * x = softmax(scale * x + bias) over the first `visible` keys, in place; 0 in the rest of `bytes` (whole panels), and
 * everywhere if no key is seen.
 */
export function softmaxRow(x: usize, bias: usize, visible: i32, bytes: usize, scale: f32): void {
  const factor = f32x4.splat(scale);
  const unseen = f32x4.splat(<f32>-Infinity);
  let top = unseen;
  for (let left = visible, i: usize = 0; i < bytes; left -= 4, i += 16) {
    let score = f32x4.add(f32x4.mul(v128.load(x + i), factor), v128.load(bias + i));
    if (left < 4) score = v128.bitselect(score, unseen, i32x4.gt_s(i32x4.splat(left), i32x4(0, 1, 2, 3)));
    v128.store(x + i, score);
    top = f32x4.max(top, score);
  }
  const highest = maxLanes(top);
  const end: usize = highest == <f32>-Infinity ? <usize>0 : rowBytes(visible);
  const shift = f32x4.splat(highest);
  let even = f32x4.splat(0), odd = even;
  for (let i: usize = 0; i < end; i += 32) {
    const p = exp4(f32x4.sub(v128.load(x + i), shift));
    const q = exp4(f32x4.sub(v128.load(x + i, 16), shift));
    v128.store(x + i, p);
    v128.store(x + i, q, 16);
    even = f32x4.add(even, p);
    odd = f32x4.add(odd, q);
  }
  const inverse = f32x4.splat(<f32>1 / sumLanes(f32x4.add(even, odd)));
  for (let i: usize = 0; i < end; i += 16) v128.store(x + i, f32x4.mul(v128.load(x + i), inverse));
  for (let i = end; i < bytes; i += 16) v128.store(x + i, f32x4.splat(0));
}

/** Probabilities of the queries t .. t + rows - 1 of one head, up to the last key that one of them may see. */
export function probabilities(
  q: usize, qStride: usize, keys: usize, bias: usize, t: i32, rows: i32, T: i32, S: i32, H: i32, causal: bool,
  scale: f32, out: usize,
): void {
  const visible = visibleKeys(t + rows - 1, T, S, causal);
  const stride = rowBytes(S);
  multiply(q, qStride, keys, H, out, stride, rows, H, (visible + 7) & ~7, false);
  for (let r = 0; r < rows; r++, out += stride) {
    softmaxRow(out, bias, visibleKeys(t + r, T, S, causal), rowBytes(visible), scale);
  }
}
