// Shape letters: C rows of a chunk, d hidden size, V vocabulary. Logits z exist for C rows and SLICE words at a time.
import { maxLanes, sumLanes } from "./lanes";
import { exp1, exp4, log } from "./math";
import { multiply, multiplyTransposed, packColumns, packedBytes, packRows } from "./panels";

const SLICE: i32 = 128;
const SLICE_BYTES: usize = 512;
/** Below every logit, yet finite: 0 * LOWEST is 0. */
const LOWEST: f32 = -1e30;

/** Bytes of scratch for C rows: packed words, packed hidden rows, logits, running sums. */
export function tokenLogpsScratch(C: i32, d: i32): usize {
  return packedBytes(SLICE, d) + packedBytes(C, d) + <usize>C * (SLICE_BYTES + 24);
}

/** z[C, SLICE] of the words v .. v + width - 1. */
function logits(hidden: usize, weight: usize, C: i32, d: i32, v: i32, width: i32, z: usize, packed: usize): void {
  const stride = <usize>d << 2;
  packColumns(weight + <usize>v * stride, stride, d, width, packed);
  multiply(hidden, stride, packed, d, z, SLICE_BYTES, C, d, (width + 7) & ~7, false);
}

/**
 * logps = z[id] - logSumExp(z), entropy = logSumExp(z) - sum p z, with z = scale * hidden weight^T, in one pass over
 * the vocabulary. `lse` keeps logSumExp(z) for the gradient.
 */
export function tokenLogps(
  hidden: usize, weight: usize, ids: usize, C: i32, d: i32, V: i32, scale: f32, logps: usize, entropy: usize,
  lse: usize, scratch: usize,
): void {
  const z = scratch;
  const state = z + <usize>C * SLICE_BYTES;
  const packed = state + <usize>C * 24;
  for (let c = 0; c < C; c++) {
    const row = state + <usize>c * 24;
    store<f64>(row, LOWEST);
    store<f64>(row, 0, 8);
    store<f64>(row, 0, 16);
  }
  for (let v = 0; v < V; v += SLICE) {
    const width = min(SLICE, V - v);
    logits(hidden, weight, C, d, v, width, z, packed);
    for (let c = 0; c < C; c++) {
      const row = z + <usize>c * SLICE_BYTES;
      absorb(row, width, scale, state + <usize>c * 24);
      const id = load<i32>(ids + (<usize>c << 2)) - v;
      if (id >= 0 && id < width) store<f32>(logps + (<usize>c << 2), load<f32>(row + (<usize>id << 2)));
    }
  }
  for (let c: usize = 0; c < <usize>C; c++) {
    const row = state + c * 24;
    const sum = load<f64>(row, 8);
    const logSum = log(sum);
    const total = load<f64>(row) + logSum;
    store<f32>(lse + (c << 2), <f32>total);
    store<f32>(logps + (c << 2), <f32>(<f64>load<f32>(logps + (c << 2)) - total));
    store<f32>(entropy + (c << 2), <f32>(logSum - load<f64>(row, 16) / sum));
  }
}

/** Scales a row of z and adds it to (top, sum e^(z - top), sum e^(z - top) (z - top)); `top` rises to its maximum. */
function absorb(z: usize, width: i32, scale: f32, state: usize): void {
  for (let i = width; (i & 7) != 0; i++) store<f32>(z + (<usize>i << 2), LOWEST);
  const end = z + (<usize>width << 2);
  const factor = f32x4.splat(scale);
  let highest = f32x4.splat(LOWEST);
  for (let at = z; at < end; at += 16) {
    const x = f32x4.mul(v128.load(at), factor);
    v128.store(at, x);
    highest = f32x4.max(highest, x);
  }
  const before = load<f64>(state);
  const top = max(<f32>before, maxLanes(highest));
  const shift = f32x4.splat(top);
  let sum = f32x4.splat(0), weighted = sum;
  for (let at = z; at < end; at += 32) {
    const x0 = f32x4.sub(v128.load(at), shift);
    const x1 = f32x4.sub(v128.load(at, 16), shift);
    const e0 = exp4(x0);
    const e1 = exp4(x1);
    sum = f32x4.add(sum, f32x4.add(e0, e1));
    weighted = f32x4.add(weighted, f32x4.add(f32x4.mul(e0, x0), f32x4.mul(e1, x1)));
  }
  const moved = before - <f64>top;
  const factorBefore = <f64>exp1(<f32>moved);
  const sumBefore = load<f64>(state, 8);
  store<f64>(state, top);
  store<f64>(state, factorBefore * sumBefore + <f64>sumLanes(sum), 8);
  store<f64>(state, factorBefore * (load<f64>(state, 16) + sumBefore * moved) + <f64>sumLanes(weighted), 16);
}

/** dz = scale dy (onehot(id) - e^(z - lse)); dhidden = dz weight; dweight = dz^T hidden, added if `accumulate`; none where dweight is 0. */
export function tokenLogpsGrad(
  hidden: usize, weight: usize, ids: usize, lse: usize, dy: usize, C: i32, d: i32, V: i32, scale: f32,
  dhidden: usize, dweight: usize, accumulate: bool, scratch: usize,
): void {
  const stride = <usize>d << 2;
  const z = scratch;
  const hiddenRows = z + <usize>C * SLICE_BYTES;
  const packed = hiddenRows + packedBytes(C, d);
  packRows(hidden, stride, C, d, hiddenRows);
  for (let v = 0; v < V; v += SLICE) {
    const width = min(SLICE, V - v);
    const words = weight + <usize>v * stride;
    logits(hidden, weight, C, d, v, width, z, packed);
    for (let c: usize = 0; c < <usize>C; c++) {
      const row = z + c * SLICE_BYTES;
      const slope = scale * load<f32>(dy + (c << 2));
      logitGrad(row, width, scale, load<f32>(lse + (c << 2)), -slope);
      const id = load<i32>(ids + (c << 2)) - v;
      if (id >= 0 && id < width) {
        const at = row + (<usize>id << 2);
        store<f32>(at, load<f32>(at) + slope);
      }
    }
    packRows(words, stride, width, d, packed);
    multiply(z, SLICE_BYTES, packed, width, dhidden, stride, C, width, d, v > 0);
    if (dweight) multiplyTransposed(z, SLICE_BYTES, 16, hiddenRows, dweight + <usize>v * stride, stride, width, C, d, accumulate);
  }
}

/** z = slope e^(scale z - lse), one row. */
function logitGrad(z: usize, width: i32, scale: f32, lse: f32, slope: f32): void {
  const end = z + (<usize>width << 2);
  const factor = f32x4.splat(scale);
  const shift = f32x4.splat(lse);
  for (; z < end; z += 32) {
    const p0 = exp4(f32x4.sub(f32x4.mul(v128.load(z), factor), shift));
    const p1 = exp4(f32x4.sub(f32x4.mul(v128.load(z, 16), factor), shift));
    v128.store(z, f32x4.mul(f32x4.splat(slope), p0));
    v128.store(z, f32x4.mul(f32x4.splat(slope), p1), 16);
  }
}
