// C[M, N] = op(A) op(B) + bias, row-major, blocked over the depth so that a packed block of B stays in the cache.
import { dotRows } from "./dot-rows";
import { multiply, multiplyTransposed, packColumns, packedBytes, packLeftColumns, packRows } from "./panels";

const DEPTH: i32 = 256; // a panel of B is then 8 KiB
const COLUMNS: i32 = 512; // a packed block of B is then at most 512 KiB
const ROWS: i32 = 128; // a block of A is then 128 KiB
const LEFT_BYTES: usize = <usize>(ROWS * DEPTH) << 2;

/** Bytes of scratch that `gemm` needs. */
export function gemmScratch(D: i32, N: i32): usize {
  return LEFT_BYTES + packedBytes(min(D, DEPTH), min(N, COLUMNS));
}

/**
 * A is [M, D], or [D, M] if transposeA; B is [D, N], or [N, D] if transposeB; C is [M, N].
 * bias is [N], or 0 for none; packed is gemmScratch(D, N) bytes.
 */
export function gemm(
  a: usize, b: usize, bias: usize, c: usize, M: i32, D: i32, N: i32, transposeA: bool, transposeB: bool, packed: usize,
): void {
  if (M < 4 && transposeB && !transposeA) {
    dotRows(a, b, bias, c, M, D, N);
    return;
  }
  const aStride = <usize>(transposeA ? M : D) << 2;
  const bStride = <usize>(transposeB ? D : N) << 2;
  const cStride = <usize>N << 2;
  const left = packed;
  const right = packed + LEFT_BYTES;
  if (bias != 0) fillRows(c, bias, M, cStride);
  else if (D == 0) memory.fill(c, 0, <usize>M * cStride);
  for (let n = 0; n < N; n += COLUMNS) {
    const columns = min(COLUMNS, N - n);
    for (let d = 0; d < D; d += DEPTH) {
      const depth = min(DEPTH, D - d);
      if (transposeB) packColumns(b + <usize>n * bStride + (<usize>d << 2), bStride, depth, columns, right);
      else packRows(b + <usize>d * bStride + (<usize>n << 2), bStride, depth, columns, right);
      const accumulate = d > 0 || bias != 0;
      for (let m = 0; m < M; m += ROWS) {
        const rows = min(ROWS, M - m);
        const to = c + <usize>m * cStride + (<usize>n << 2);
        if (!transposeA) {
          multiply(a + <usize>m * aStride + (<usize>d << 2), aStride, right, depth, to, cStride, rows, depth, columns, accumulate);
          continue;
        }
        packLeftColumns(a + <usize>d * aStride + (<usize>m << 2), aStride, rows, depth, left);
        multiplyTransposed(left, 16, <usize>depth << 4, right, to, cStride, rows, depth, columns, accumulate);
      }
    }
  }
}

function fillRows(c: usize, bias: usize, M: i32, stride: usize): void {
  for (let m = 0; m < M; m++, c += stride) memory.copy(c, bias, stride);
}
