// Shape suffixes: O output positions, K taps.

/** Fixed-point filter of one axis: out[o] = (sum_k weights[o, k] in[starts[o] + k] + 2^(precision-1)) >> precision. */
export interface AxisWeights {
  /** [O] first input position of each output position. */
  starts_O: Int32Array;
  /** [O] how many input positions it reads, at most `taps`. */
  counts_O: Int32Array;
  weights_OK: Int32Array;
  taps: number;
  /** Fractional bits of the weights. */
  precision: number;
}

/** The same filter without fixed point: weights_OK float32. */
export type FloatAxisWeights = Pick<AxisWeights, "starts_O" | "counts_O" | "taps"> & { weights_OK: Float32Array };

/** "int16": as many bits as keep every weight below 2^15 (ATen); "int32": 22 bits (Pillow). */
export type FixedPoint = "int16" | "int32";

const maxPrecision = 22;
const maxCachedAxes = 64;

/** A function of two sizes (and a kind) that keeps its latest 64 results. */
function cached<K extends string, T>(compute: (inputSize: number, outputSize: number, kind: K) => T) {
  const cache = new Map<string, T>();
  return (inputSize: number, outputSize: number, kind: K): T => {
    const key = `${inputSize} ${outputSize} ${kind}`;
    const known = cache.get(key);
    if (known) return known;
    if (cache.size >= maxCachedAxes) cache.delete(cache.keys().next().value!);
    const result = compute(inputSize, outputSize, kind);
    cache.set(key, result);
    return result;
  };
}

/** Keys' cubic kernel with a = -0.5. */
function cubic(x: number): number {
  const a = -0.5;
  const d = Math.abs(x);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  if (d < 2) return (((d - 5) * d + 8) * d - 4) * a;
  return 0;
}

/**
 * Antialiased bicubic weights from `inputSize` to `outputSize` positions: support 2 max(in/out, 1) around (o + 0.5) in/out,
 * normalised in float64, then rounded half away from zero to fixed point. The latest 64 axes are kept.
 *
 * @see pytorch v2.14 UpSampleKernel.cpp `compute_index_ranges_int16_weights`; python-pillow 13.0 Resample.c `precompute_coeffs`
 */
export const axisWeights = cached((inputSize: number, outputSize: number, fixedPoint: FixedPoint): AxisWeights => {
  const { exact_OK, ...axis } = exactWeights(inputSize, outputSize);
  const precision = fixedPoint === "int32" ? maxPrecision : int16Precision(exact_OK);
  const weights_OK = Int32Array.from(exact_OK, (w) => Math.trunc(w * 2 ** precision + (w < 0 ? -0.5 : 0.5)));
  return { ...axis, weights_OK, precision };
});

/** The weights of {@link axisWeights} as float32. @see pytorch v2.14 UpSampleKernel.cpp `compute_index_ranges_weights` */
export const floatAxisWeights = cached((inputSize: number, outputSize: number, _kind: "float32"): FloatAxisWeights => {
  const { exact_OK, ...axis } = exactWeights(inputSize, outputSize);
  return { ...axis, weights_OK: Float32Array.from(exact_OK) };
});

function exactWeights(inputSize: number, outputSize: number) {
  const scale = inputSize / outputSize;
  const stretch = Math.max(scale, 1);
  const inverse = 1 / stretch; // both references multiply by the reciprocal
  const support = 2 * stretch;
  const taps = Math.ceil(support) * 2 + 1;
  const starts_O = new Int32Array(outputSize);
  const counts_O = new Int32Array(outputSize);
  const exact_OK = new Float64Array(outputSize * taps);
  for (let o = 0; o < outputSize; o++) {
    const centre = (o + 0.5) * scale;
    const start = Math.max(Math.trunc(centre - support + 0.5), 0);
    const count = Math.min(Math.trunc(centre + support + 0.5), inputSize) - start;
    let total = 0;
    for (let k = 0; k < count; k++) {
      const weight = cubic((k + start - centre + 0.5) * inverse);
      exact_OK[o * taps + k] = weight;
      total += weight;
    }
    for (let k = 0; k < count; k++) exact_OK[o * taps + k]! /= total;
    starts_O[o] = start;
    counts_O[o] = count;
  }
  return { starts_O, counts_O, exact_OK, taps };
}

/** Largest precision, up to 22, at which the largest weight still rounds below 2^15. */
function int16Precision(weights: Float64Array): number {
  const largest = weights.reduce((a, b) => Math.max(a, b), 0);
  let precision = 0;
  while (precision < maxPrecision && Math.trunc(0.5 + largest * 2 ** (precision + 1)) < 2 ** 15) precision++;
  return precision;
}
