// Products of a few rows with a weight that was packed once: what a decoding step multiplies by, token after token.
import { multiply, packColumns, packedBytes } from "./panels";

const DEPTH: i32 = 256; // as `gemm`, so that both add in the same order

/** Bytes of a packed weight [N, D]. */
export function weightBytes(D: i32, N: i32): usize {
  return packedBytes(D, N);
}

/** Packs a weight [N, D]; N is a multiple of 8 where another weight follows it in the same panels. */
export function packWeight(weight: usize, D: i32, N: i32, packed: usize): void {
  packColumns(weight, <usize>D << 2, D, N, packed);
}

/** C[M, N] = A[M, D] W^T + bias of a packed W; bias is [N], or 0 for none. */
export function panelProduct(a: usize, packed: usize, bias: usize, c: usize, M: i32, D: i32, N: i32): void {
  const stride = <usize>N << 2;
  if (bias != 0) for (let m: usize = 0; m < <usize>M; m++) memory.copy(c + m * stride, bias, stride);
  for (let d = 0; d < D; d += DEPTH) {
    const depth = min(DEPTH, D - d);
    const from = packed + (<usize>d << 5);
    multiply(a + (<usize>d << 2), <usize>D << 2, from, D, c, stride, M, depth, N, d > 0 || bias != 0);
  }
}
