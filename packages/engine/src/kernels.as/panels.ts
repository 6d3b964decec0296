import { load4, store4 } from "./lanes";
import { madd4 } from "./math";

// Matrix products C[M, N] (+)= A[M, D] B[D, N] on packed right-hand sides.
// A panel holds 8 columns of B, one row of 8 after another; columns past N are 0. Strides are in bytes.

// @ts-ignore: decorator
@inline
export const PANEL: i32 = 8;

/** Bytes of a packed [D, N] matrix. */
// @ts-ignore: decorator
@inline
export function packedBytes(D: i32, N: i32): usize {
  return (<usize>D * <usize>((N + 7) & ~7)) << 2;
}

/** Packs B[d, n] = source[d * stride + 4 n]. */
export function packRows(source: usize, stride: usize, D: i32, N: i32, packed: usize): void {
  for (let n = 0; n < N; n += PANEL) {
    let from = source + (<usize>n << 2);
    for (let d = 0; d < D; d++, from += stride, packed += 32) {
      v128.store(packed, load4(from, N - n));
      v128.store(packed, load4(from + 16, N - n - 4), 16);
    }
  }
}

/** Packs B[d, n] = source[n * stride + 4 d], a transposed right-hand side. */
export function packColumns(source: usize, stride: usize, D: i32, N: i32, packed: usize): void {
  for (let left = N; left > 0; left -= PANEL, source += 8 * stride, packed += <usize>D << 5) {
    packFourColumns(source, stride, D, left, packed, 32);
    packFourColumns(source + 4 * stride, stride, D, left - 4, packed + 16, 32);
  }
}

/** Four rows of `source` as columns, `step` bytes apart; columns past `width` are 0. */
function packFourColumns(source: usize, stride: usize, D: i32, width: i32, to: usize, step: usize): void {
  let d = 0;
  if (width >= 4) {
    for (; d + 4 <= D; d += 4, source += 16) {
      const r0 = v128.load(source);
      const r1 = v128.load(source + stride);
      const r2 = v128.load(source + 2 * stride);
      const r3 = v128.load(source + 3 * stride);
      const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
      v128.store(to + step, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7));
      v128.store(to + 2 * step, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5));
      v128.store(to + 3 * step, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7));
      to += 4 * step;
    }
  }
  for (; d < D; d++, to += step, source += 4) {
    for (let j = 0; j < 4; j++) {
      const value: f32 = j < width ? load<f32>(source + <usize>j * stride) : 0;
      store<f32>(to + (<usize>j << 2), value);
    }
  }
}

/** Packs the left-hand A[m, d] = source[d * stride + 4 m] for `multiplyTransposed`: groups of 4 rows, [D, 4] each. */
export function packLeftColumns(source: usize, stride: usize, M: i32, D: i32, packed: usize): void {
  for (let left = M; left > 0; left -= 4, source += 16) {
    let from = source;
    for (let d = 0; d < D; d++, from += stride, packed += 16) v128.store(packed, load4(from, left));
  }
}

/** The `left` (at most 8) columns of one row of C in one panel. */
// @ts-ignore: decorator
@inline
function put(c: usize, low: v128, high: v128, left: i32, accumulate: bool): void {
  if (accumulate) {
    low = f32x4.add(low, load4(c, left));
    high = f32x4.add(high, load4(c + 16, left - 4));
  }
  store4(c, low, left);
  store4(c + 16, high, left - 4);
}

/**
 * C (+)= A B with A[m, d] at a + m * aStride + 4 d, over the first D of the packedRows rows of the packed B.
 */
export function multiply(
  a: usize, aStride: usize, packed: usize, packedRows: i32, c: usize, cStride: usize, M: i32, D: i32, N: i32,
  accumulate: bool,
): void {
  for (let left = N; left > 0; left -= PANEL, packed += <usize>packedRows << 5, c += 32) {
    let row = a;
    let to = c;
    let m = 0;
    for (; m + 4 <= M; m += 4, row += 4 * aStride, to += 4 * cStride) {
      let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
      let a0 = row;
      let a1 = a0 + aStride;
      let a2 = a1 + aStride;
      let a3 = a2 + aStride;
      const end = packed + (<usize>D << 5);
      for (let b = packed; b < end; b += 32, a0 += 4, a1 += 4, a2 += 4, a3 += 4) {
        const low = v128.load(b);
        const high = v128.load(b, 16);
        let x = v128.load32_splat(a0);
        c00 = madd4(x, low, c00);
        c01 = madd4(x, high, c01);
        x = v128.load32_splat(a1);
        c10 = madd4(x, low, c10);
        c11 = madd4(x, high, c11);
        x = v128.load32_splat(a2);
        c20 = madd4(x, low, c20);
        c21 = madd4(x, high, c21);
        x = v128.load32_splat(a3);
        c30 = madd4(x, low, c30);
        c31 = madd4(x, high, c31);
      }
      put(to, c00, c01, left, accumulate);
      put(to + cStride, c10, c11, left, accumulate);
      put(to + 2 * cStride, c20, c21, left, accumulate);
      put(to + 3 * cStride, c30, c31, left, accumulate);
    }
    for (; m < M; m++, row += aStride, to += cStride) multiplyRow(row, 4, packed, to, D, left, accumulate);
  }
}

/**
 * C (+)= A^T B with A[d, m] at a + d * aStride + 4 m for m < 4, and every further 4 columns `group` bytes on: 16 in a
 * plain matrix. B has D packed rows.
 */
export function multiplyTransposed(
  a: usize, aStride: usize, group: usize, packed: usize, c: usize, cStride: usize, M: i32, D: i32, N: i32,
  accumulate: bool,
): void {
  for (let left = N; left > 0; left -= PANEL, packed += <usize>D << 5, c += 32) {
    let column = a;
    let to = c;
    let m = 0;
    for (; m + 4 <= M; m += 4, column += group, to += 4 * cStride) {
      let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
      let at = column;
      const end = packed + (<usize>D << 5);
      for (let b = packed; b < end; b += 32, at += aStride) {
        const low = v128.load(b);
        const high = v128.load(b, 16);
        let x = v128.load32_splat(at);
        c00 = madd4(x, low, c00);
        c01 = madd4(x, high, c01);
        x = v128.load32_splat(at, 4);
        c10 = madd4(x, low, c10);
        c11 = madd4(x, high, c11);
        x = v128.load32_splat(at, 8);
        c20 = madd4(x, low, c20);
        c21 = madd4(x, high, c21);
        x = v128.load32_splat(at, 12);
        c30 = madd4(x, low, c30);
        c31 = madd4(x, high, c31);
      }
      put(to, c00, c01, left, accumulate);
      put(to + cStride, c10, c11, left, accumulate);
      put(to + 2 * cStride, c20, c21, left, accumulate);
      put(to + 3 * cStride, c30, c31, left, accumulate);
    }
    for (; m < M; m++, column += 4, to += cStride) multiplyRow(column, aStride, packed, to, D, left, accumulate);
  }
}

/** One row of C in one panel; A's elements lie `step` apart. */
function multiplyRow(a: usize, step: usize, packed: usize, c: usize, D: i32, left: i32, accumulate: bool): void {
  let low = f32x4.splat(0), high = low;
  const end = packed + (<usize>D << 5);
  for (let b = packed; b < end; b += 32, a += step) {
    const x = v128.load32_splat(a);
    low = madd4(x, v128.load(b), low);
    high = madd4(x, v128.load(b, 16), high);
  }
  put(c, low, high, left, accumulate);
}
