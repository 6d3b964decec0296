import { load4, store4 } from "./lanes";

/**
 * g = factor g; m += (1 - beta1)(g - m); v = beta2 v + (1 - beta2) g^2; p = p decay - rate m / (sqrt(v) / root + eps), in place.
 * The caller folds in the bias corrections: decay = 1 - lr wd, rate = lr / (1 - beta1^t), root = sqrt(1 - beta2^t).
 */
export function adamwUpdate(
  p: usize, g: usize, m: usize, v: usize, size: i32,
  oneMinusBeta1: f32, beta2: f32, oneMinusBeta2: f32, decay: f32, rate: f32, root: f32, eps: f32,
  factor: f32,
): void {
  for (let left = size; left > 0; left -= 4, p += 16, g += 16, m += 16, v += 16) {
    const grad = f32x4.mul(load4(g, left), f32x4.splat(factor));
    const m0 = load4(m, left);
    const m1 = f32x4.add(m0, f32x4.mul(f32x4.splat(oneMinusBeta1), f32x4.sub(grad, m0)));
    const square = f32x4.mul(f32x4.splat(oneMinusBeta2), f32x4.mul(grad, grad));
    const v1 = f32x4.add(f32x4.mul(f32x4.splat(beta2), load4(v, left)), square);
    const denominator = f32x4.add(f32x4.div(f32x4.sqrt(v1), f32x4.splat(root)), f32x4.splat(eps));
    const update = f32x4.div(f32x4.mul(f32x4.splat(rate), m1), denominator);
    store4(m, m1, left);
    store4(v, v1, left);
    store4(p, f32x4.sub(f32x4.mul(load4(p, left), f32x4.splat(decay)), update), left);
  }
}

/** total += x, in place. */
export function addInPlace(total: usize, x: usize, size: i32): void {
  for (let left = size; left > 0; left -= 4, total += 16, x += 16)
    store4(total, f32x4.add(load4(total, left), load4(x, left)), left);
}

/** Sum of squares, in float64. */
export function sumOfSquares(x: usize, size: i32): f64 {
  let low = f64x2.splat(0), high = low;
  for (let left = size; left > 0; left -= 4, x += 16) {
    const values = load4(x, left);
    const a = f64x2.promote_low_f32x4(values);
    const b = f64x2.promote_low_f32x4(v128.shuffle<f32>(values, values, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
