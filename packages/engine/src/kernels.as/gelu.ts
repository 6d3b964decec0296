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
  let left = size;
  for (; left >= 8; left -= 8, x += 32, y += 32) {
    const a = v128.load(x), b = v128.load(x, 16);
    const p = cumulative(a, bell(a)), q = cumulative(b, bell(b));
    v128.store(y, f32x4.mul(a, p));
    v128.store(y, f32x4.mul(b, q), 16);
  }
  for (; left > 0; left -= 4, x += 16, y += 16) {
    const v = load4(x, left);
    store4(y, f32x4.mul(v, cumulative(v, bell(v))), left);
  }
}

/** P(Z <= x) + x exp(-x^2 / 2) / sqrt(2 pi). */
// @ts-ignore: decorator
@inline
function slope4(x: v128): v128 {
  const e = bell(x);
  return madd4(f32x4.mul(x, e), f32x4.splat(0.3989422804), cumulative(x, e));
}

/** dx = dy gelu'(x). */
export function geluGrad(x: usize, dy: usize, size: i32, dx: usize): void {
  let left = size;
  for (; left >= 8; left -= 8, x += 32, dy += 32, dx += 32) {
    const s = slope4(v128.load(x)), t = slope4(v128.load(x, 16));
    v128.store(dx, f32x4.mul(v128.load(dy), s));
    v128.store(dx, f32x4.mul(v128.load(dy, 16), t), 16);
  }
  for (; left > 0; left -= 4, x += 16, dy += 16, dx += 16) {
    store4(dx, f32x4.mul(load4(dy, left), slope4(load4(x, left))), left);
  }
}
