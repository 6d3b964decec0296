// Sums over one axis of x [outer, reduce, inner], times `scale`. Partial sums of 64 keep the rounding error small.
import { sumLanes } from "./lanes";

const CHUNK: i32 = 64;

/** out[o, i] = scale * sum over r of x[o, r, i]. */
export function reduceSum(x: usize, outer: i32, reduce: i32, inner: i32, scale: f32, out: usize): void {
  if (inner == 1) {
    for (let o = 0; o < outer; o++, x += <usize>reduce << 2) store<f32>(out + (<usize>o << 2), scale * sumRow(x, reduce));
    return;
  }
  const stride = <usize>inner << 2;
  const scales = f32x4.splat(scale);
  for (let o = 0; o < outer; o++, x += <usize>reduce * stride, out += stride) {
    let i = 0;
    for (; i + 16 <= inner; i += 16) sumSixteenColumns(x + (<usize>i << 2), stride, reduce, scales, out + (<usize>i << 2));
    for (; i < inner; i++) store<f32>(out + (<usize>i << 2), scale * sumColumn(x + (<usize>i << 2), stride, reduce));
  }
}

function sumRow(x: usize, count: i32): f32 {
  let total: f32 = 0;
  let i = 0;
  for (; i + 4 <= count; ) {
    const end = min(i + 4 * CHUNK, count & ~3);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (; i + 16 <= end; i += 16) {
      const at = x + (<usize>i << 2);
      s0 = f32x4.add(s0, v128.load(at));
      s1 = f32x4.add(s1, v128.load(at, 16));
      s2 = f32x4.add(s2, v128.load(at, 32));
      s3 = f32x4.add(s3, v128.load(at, 48));
    }
    for (; i < end; i += 4) s0 = f32x4.add(s0, v128.load(x + (<usize>i << 2)));
    total += sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  }
  for (; i < count; i++) total += load<f32>(x + (<usize>i << 2));
  return total;
}

function sumColumn(x: usize, stride: usize, count: i32): f32 {
  let total: f32 = 0;
  for (let r = 0; r < count; ) {
    let part: f32 = 0;
    for (const end = min(r + CHUNK, count); r < end; r++, x += stride) part += load<f32>(x);
    total += part;
  }
  return total;
}

function sumSixteenColumns(x: usize, stride: usize, count: i32, scales: v128, out: usize): void {
  let t0 = f32x4.splat(0), t1 = t0, t2 = t0, t3 = t0;
  for (let r = 0; r < count; ) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (const end = min(r + CHUNK, count); r < end; r++, x += stride) {
      s0 = f32x4.add(s0, v128.load(x));
      s1 = f32x4.add(s1, v128.load(x, 16));
      s2 = f32x4.add(s2, v128.load(x, 32));
      s3 = f32x4.add(s3, v128.load(x, 48));
    }
    t0 = f32x4.add(t0, s0);
    t1 = f32x4.add(t1, s1);
    t2 = f32x4.add(t2, s2);
    t3 = f32x4.add(t3, s3);
  }
  v128.store(out, f32x4.mul(t0, scales));
  v128.store(out, f32x4.mul(t1, scales), 16);
  v128.store(out, f32x4.mul(t2, scales), 32);
  v128.store(out, f32x4.mul(t3, scales), 48);
}
