import {
  dispose,
  mul,
  type Scalar,
  sum,
  type Tensor,
  type Tensor4D,
  tensor,
  tidy,
  variable,
} from "@tensorflow/tfjs-core";
import { type AttentionOptions, attention, valueAndGrads } from "@videor1/engine";
import { expect } from "vitest";

const sizeOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

/** Seeded values in [-1, 1). */
export function noise(shape: readonly number[], seed: number): Tensor {
  let state = seed * 7919 + 1;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return (2 * state) / 2147483647 - 1;
  };
  return tensor(Float32Array.from({ length: sizeOf(shape) }, next), [...shape]);
}

export type Op = (inputs: Tensor[]) => Tensor;

/** The value of `op` and the gradients of a weighted sum of it, as arrays: y, then one for each input. */
export function run(op: Op, shapes: readonly number[][], scale = 1): Float32Array[] {
  const inputs = shapes.map((shape, i) => tidy(() => variable(mul(noise(shape, i + 1), scale))));
  const params = Object.fromEntries(inputs.map((input, i) => [String(i), input]));
  const y = tidy(() => op(inputs));
  const cotangent = noise(y.shape, 99);
  const { value, grads } = valueAndGrads(() => sum(mul(op(inputs), cotangent)) as Scalar, params);
  const results = [y, ...inputs.map((_, i) => grads[String(i)]!)].map((x) => x.dataSync<"float32">().slice());
  dispose([...inputs, y, cotangent, value, ...Object.values(grads)]);
  return results;
}

export function expectClose(
  actual: readonly Float32Array[],
  expected: readonly Float32Array[],
  tolerance = 3e-6,
): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, x] of actual.entries()) {
    const largest = expected[i]!.reduce((max, e) => Math.max(max, Math.abs(e)), 1);
    const error = x.reduce((max, value, j) => Math.max(max, Math.abs(value - expected[i]![j]!)), 0);
    expect(x.length).toBe(expected[i]!.length);
    expect(error, `output ${i}`).toBeLessThan(tolerance * largest);
  }
}

export const attentionShapes = (B: number, T: number, S: number, N: number, K: number, H: number) => [
  [B, T, N, H],
  [B, S, K, H],
  [B, S, K, H],
];

export const attentionOf =
  (options: AttentionOptions): Op =>
  ([q, k, v]) =>
    attention(q as Tensor4D, k as Tensor4D, v as Tensor4D, options);
