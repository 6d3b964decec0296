// Shape letters: B batch, T queries, S keys in use, N query heads, K key/value heads, H head dim.
// q, out [B, T, N, H]; k, v [B, keyRows, K, H], of which the first S rows are used. The packed keys and values of one
// key/value head serve its N / K query heads.
import { BLOCK, keyBias, probabilities, rowBytes, visibleKeys } from "./attention-rows";
import { decode } from "./attention-decode";
import { sumLanes } from "./lanes";
import { multiply, multiplyTransposed, packColumns, packedBytes, packRows } from "./panels";

/** Bytes of scratch that `attention` and `attentionGrad` need. */
export function attentionScratch(S: i32, H: i32): usize {
  return <usize>(1 + 2 * BLOCK) * rowBytes(S) + 2 * packedBytes(H, S) + packedBytes(S, H) + packedBytes(BLOCK, H);
}

/** out = softmax(scale q k^T + mask) v; `mask` [B, maskStride] of int32, or address 0. */
export function attention(
  q: usize, k: usize, v: usize, mask: usize, B: i32, T: i32, S: i32, keyRows: i32, N: i32, K: i32, H: i32,
  maskStride: i32, causal: bool, scale: f32, out: usize, scratch: usize,
): void {
  const head = <usize>H << 2;
  const qStride = <usize>N * head;
  const kStride = <usize>K * head;
  const bias = scratch;
  const p = bias + rowBytes(S);
  const keys = p + <usize>BLOCK * rowBytes(S);
  const values = keys + packedBytes(H, S);
  for (let b = 0; b < B; b++) {
    keyBias(mask ? mask + (<usize>(b * maskStride) << 2) : 0, S, bias);
    for (let n = 0; n < N; n++) {
      const at = <usize>(b * T) * qStride + <usize>n * head;
      const from = <usize>(b * keyRows) * kStride + <usize>((n * K) / N) * head;
      if (T == 1 && (H & 3) == 0) {
        decode(q + at, k + from, v + from, kStride, bias, S, H, scale, out + at, p);
        continue;
      }
      if (n % (N / K) == 0) {
        packColumns(k + from, kStride, H, S, keys);
        packRows(v + from, kStride, S, H, values);
      }
      for (let t = 0; t < T; t += BLOCK) {
        const rows = min(BLOCK, T - t);
        const row = at + <usize>t * qStride;
        probabilities(q + row, qStride, keys, bias, t, rows, T, S, H, causal, scale, p);
        const visible = visibleKeys(t + rows - 1, T, S, causal);
        multiply(p, rowBytes(S), values, S, out + row, qStride, rows, visible, H, false);
      }
    }
  }
}

/**
 * With P = softmax(scale q k^T + mask), computed again, and dP = dout v^T: dv = P^T dout,
 * dS = scale P (dP - rowsum(P dP)), dq = dS k, dk = dS^T q.
 */
export function attentionGrad(
  q: usize, k: usize, v: usize, mask: usize, dout: usize, B: i32, T: i32, S: i32, keyRows: i32, N: i32, K: i32, H: i32,
  maskStride: i32, causal: bool, scale: f32, dq: usize, dk: usize, dv: usize, scratch: usize,
): void {
  const head = <usize>H << 2;
  const qStride = <usize>N * head;
  const kStride = <usize>K * head;
  const stride = rowBytes(S);
  const bias = scratch;
  const p = bias + stride;
  const ds = p + <usize>BLOCK * stride;
  const keyColumns = ds + <usize>BLOCK * stride;
  const valueColumns = keyColumns + packedBytes(H, S);
  const keyRowsPacked = valueColumns + packedBytes(H, S);
  const queries = keyRowsPacked + packedBytes(S, H);
  memory.fill(dk, 0, <usize>(B * keyRows) * kStride);
  memory.fill(dv, 0, <usize>(B * keyRows) * kStride);
  for (let b = 0; b < B; b++) {
    keyBias(mask ? mask + (<usize>(b * maskStride) << 2) : 0, S, bias);
    for (let n = 0; n < N; n++) {
      const at = <usize>(b * T) * qStride + <usize>n * head;
      const from = <usize>(b * keyRows) * kStride + <usize>((n * K) / N) * head;
      if (n % (N / K) == 0) {
        packColumns(k + from, kStride, H, S, keyColumns);
        packColumns(v + from, kStride, H, S, valueColumns);
        packRows(k + from, kStride, S, H, keyRowsPacked);
      }
      for (let t = 0; t < T; t += BLOCK) {
        const rows = min(BLOCK, T - t);
        const row = at + <usize>t * qStride;
        const visible = visibleKeys(t + rows - 1, T, S, causal);
        probabilities(q + row, qStride, keyColumns, bias, t, rows, T, S, H, causal, scale, p);
        packRows(dout + row, qStride, rows, H, queries);
        multiplyTransposed(p, stride, 16, queries, dv + from, kStride, visible, rows, H, true);
        multiply(dout + row, qStride, valueColumns, H, ds, stride, rows, H, (visible + 7) & ~7, false);
        scoreGrad(p, ds, rows, stride, rowBytes(visible), scale);
        multiply(ds, stride, keyRowsPacked, S, dq + row, qStride, rows, visible, H, false);
        packRows(q + row, qStride, rows, H, queries);
        multiplyTransposed(ds, stride, 16, queries, dk + from, kStride, visible, rows, H, true);
      }
    }
  }
}

/** ds = scale p (ds - rowsum(p ds)), row by row. */
function scoreGrad(p: usize, ds: usize, rows: i32, stride: usize, bytes: usize, scale: f32): void {
  const factor = f32x4.splat(scale);
  for (let r = 0; r < rows; r++, p += stride, ds += stride) {
    let dot = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) dot = f32x4.add(dot, f32x4.mul(v128.load(p + i), v128.load(ds + i)));
    const mean = f32x4.splat(sumLanes(dot));
    for (let i: usize = 0; i < bytes; i += 16) {
      const centred = f32x4.sub(v128.load(ds + i), mean);
      v128.store(ds + i, f32x4.mul(factor, f32x4.mul(v128.load(p + i), centred)));
    }
  }
}
