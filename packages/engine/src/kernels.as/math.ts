// Functions over four float32 lanes, and the scalar logarithm of a row's sum.

/** a b + c in each lane; in one rounding where the module is compiled for relaxed SIMD, and faster. */
// @ts-ignore: decorator
@inline
export function madd4(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}

/**
 * e^x in each lane, within 1.5 ulp: x = n ln2 + r, |r| <= ln2 / 2, a polynomial in r, then 2^n.
 * 0 below -87, where the result would leave the normal range; e^88 above 88; NaN stays NaN.
 * Coefficients: Cephes expf.c (S. L. Moshier), minimax on the reduced range.
 */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const vanishes = f32x4.lt(x, f32x4.splat(-87.0));
  const clamped = f32x4.pmin(x, f32x4.splat(88.0));
  // Added to 1.5 * 2^23, a float loses its fraction: what is left in its low bits is the nearest integer.
  const round = f32x4.splat(12582912.0);
  const shifted = madd4(clamped, f32x4.splat(1.44269504), round);
  const n = f32x4.sub(shifted, round);
  // ln2 in two parts: the first has few enough bits for n times it to be exact.
  const r = madd4(n, f32x4.splat(2.12194440e-4), madd4(n, f32x4.splat(-0.693359375), clamped));
  let p = madd4(r, f32x4.splat(1.9875691500e-4), f32x4.splat(1.3981999507e-3));
  p = madd4(p, r, f32x4.splat(8.3334519073e-3));
  p = madd4(p, r, f32x4.splat(4.1665795894e-2));
  p = madd4(p, r, f32x4.splat(1.6666665459e-1));
  p = madd4(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(madd4(p, f32x4.mul(r, r), r), f32x4.splat(1.0));
  // n is added to the exponent of p.
  return v128.andnot(i32x4.add(p, i32x4.shl(shifted, 23)), vanishes);
}

/** e^x of one number, by the same steps. */
// @ts-ignore: decorator
@inline
export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

/** e^x / (1 + e^x) in each lane: 0 below -87. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const e = exp4(x);
  return f32x4.div(e, f32x4.add(f32x4.splat(1.0), e));
}

/** ln x of a positive normal number, to 1e-12: x = m 2^e with m near 1, ln m = 2 artanh((m - 1) / (m + 1)). */
export function log(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let exponent = <i32>((bits >> 52) & 0x7ff) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent += 1;
  }
  const s = (m - 1) / (m + 1);
  const t = s * s;
  // 1 + t/3 + t^2/5 + ... + t^7/15
  let series = 1.0 / 15;
  for (let k = 13; k > 0; k -= 2) series = series * t + 1.0 / <f64>k;
  return <f64>exponent * 0.6931471805599453 + 2 * s * series;
}
