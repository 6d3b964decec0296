import { load4, store4, sumLanes } from "./lanes";

/** 1 / sqrt(mean(x^2) + eps) of one row of d floats; 8 partial sums keep float32 accurate. */
function inverseRms(x: usize, d: i32, eps: f32): f32 {
  let even = f32x4.splat(0), odd = even;
  for (let left = d; left > 0; left -= 8, x += 32) {
    const a = load4(x, left);
    const b = load4(x + 16, left - 4);
    even = f32x4.add(even, f32x4.mul(a, a));
    odd = f32x4.add(odd, f32x4.mul(b, b));
  }
  return <f32>1 / sqrt<f32>(sumLanes(f32x4.add(even, odd)) / <f32>d + eps);
}

/** y = x / rms(x) * weight for every row. */
export function rmsNorm(x: usize, weight: usize, rows: i32, d: i32, eps: f32, y: usize): void {
  const stride = <usize>d << 2;
  for (let row = 0; row < rows; row++, x += stride, y += stride) normRow(x, weight, d, eps, y);
}

/** x += add, in place, then y = x / rms(x) * weight, for every row. */
export function addRmsNorm(x: usize, add: usize, weight: usize, rows: i32, d: i32, eps: f32, y: usize): void {
  const stride = <usize>d << 2;
  for (let row = 0; row < rows; row++, x += stride, add += stride, y += stride) {
    for (let left = d, i: usize = 0; left > 0; left -= 4, i += 16)
      store4(x + i, f32x4.add(load4(x + i, left), load4(add + i, left)), left);
    normRow(x, weight, d, eps, y);
  }
}

function normRow(x: usize, weight: usize, d: i32, eps: f32, y: usize): void {
  const r = f32x4.splat(inverseRms(x, d, eps));
  for (let left = d, i: usize = 0; left > 0; left -= 4, i += 16) {
    store4(y + i, f32x4.mul(f32x4.mul(load4(x + i, left), r), load4(weight + i, left)), left);
  }
}

/**
 * With n = x / rms(x) and g = dy weight: dx = (g - n mean(g n)) / rms(x), dweight = sum over rows of dy n.
 * `partial` [d] takes 32 rows of dweight at a time, so that long sums lose no precision.
 */
export function rmsNormGrad(
  x: usize, weight: usize, dy: usize, rows: i32, d: i32, eps: f32, dx: usize, dweight: usize, partial: usize,
): void {
  const stride = <usize>d << 2;
  memory.fill(dweight, 0, stride);
  memory.fill(partial, 0, stride);
  for (let row = 0; row < rows; row++, x += stride, dy += stride, dx += stride) {
    rowGrad(x, weight, dy, d, inverseRms(x, d, eps), dx, partial);
    if ((row & 31) == 31 || row == rows - 1) flush(partial, dweight, d);
  }
}

function rowGrad(x: usize, weight: usize, dy: usize, d: i32, inverse: f32, dx: usize, dweight: usize): void {
  const r = f32x4.splat(inverse);
  let dot = f32x4.splat(0);
  for (let left = d, i: usize = 0; left > 0; left -= 4, i += 16) {
    const dyn = f32x4.mul(load4(dy + i, left), f32x4.mul(load4(x + i, left), r));
    store4(dweight + i, f32x4.add(load4(dweight + i, left), dyn), left);
    dot = f32x4.add(dot, f32x4.mul(dyn, load4(weight + i, left)));
  }
  const c = f32x4.splat((sumLanes(dot) / <f32>d) * inverse);
  for (let left = d, i: usize = 0; left > 0; left -= 4, i += 16) {
    const g = f32x4.mul(load4(dy + i, left), load4(weight + i, left));
    store4(dx + i, f32x4.mul(r, f32x4.sub(g, f32x4.mul(c, load4(x + i, left)))), left);
  }
}

/** total += partial; partial = 0. */
function flush(partial: usize, total: usize, d: i32): void {
  for (let left = d, i: usize = 0; left > 0; left -= 4, i += 16) {
    store4(total + i, f32x4.add(load4(total + i, left), load4(partial + i, left)), left);
  }
  memory.fill(partial, 0, <usize>d << 2);
}
