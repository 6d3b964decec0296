import { load4, store4 } from "./lanes";
import { exp4, madd4 } from "./math";

/**
 * P(Z > a) of a standard normal Z, a >= 0, given e = exp(-a^2 / 2): e Q(1 / (1 + 0.27 a)), relative error 3e-8
 * in exact arithmetic. Q: our minimax fit (iteratively reweighted least squares) of erfcx(a / sqrt 2) / 2 on [0, 14].
 */
// @ts-ignore: decorator
@inline
function upperTail(a: v128, e: v128): v128 {
  const one = f32x4.splat(1);
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(a, f32x4.splat(0.27))));
  let q = madd4(t, f32x4.splat(0.0289151719), f32x4.splat(-0.126254815));
  q = madd4(q, t, f32x4.splat(0.169290574));
  q = madd4(q, t, f32x4.splat(-0.0686201369));
  q = madd4(q, t, f32x4.splat(0.107398925));
  q = madd4(q, t, f32x4.splat(0.0722404746));
  q = madd4(q, t, f32x4.splat(0.101759126));
  q = madd4(q, t, f32x4.splat(0.107550511));
  q = madd4(q, t, f32x4.splat(0.107720181));
  return f32x4.mul(f32x4.mul(q, t), e);
}

/** exp(-x^2 / 2). */
// @ts-ignore: decorator
@inline
function bell(x: v128): v128 {
  return exp4(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5)));
}

/** P(Z <= x), given bell(x). */
// @ts-ignore: decorator
@inline
function cumulative(x: v128, e: v128): v128 {
  const tail = upperTail(f32x4.abs(x), e);
  return v128.bitselect(f32x4.sub(f32x4.splat(1), tail), tail, f32x4.ge(x, f32x4.splat(0)));
}

/** y = x P(Z <= x). */
export function gelu(x: usize, size: i32, y: usize): void {
  for (let left = size; left > 0; left -= 4, x += 16, y += 16) {
    const v = load4(x, left);
    store4(y, f32x4.mul(v, cumulative(v, bell(v))), left);
  }
}

/** dx = dy (P(Z <= x) + x exp(-x^2 / 2) / sqrt(2 pi)). */
export function geluGrad(x: usize, dy: usize, size: i32, dx: usize): void {
  const density = f32x4.splat(0.3989422804);
  for (let left = size; left > 0; left -= 4, x += 16, dy += 16, dx += 16) {
    const v = load4(x, left);
    const e = bell(v);
    const slope = f32x4.add(cumulative(v, e), f32x4.mul(f32x4.mul(v, e), density));
    store4(dx, f32x4.mul(load4(dy, left), slope), left);
  }
}
