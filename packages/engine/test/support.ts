import { grads, memory, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { type Doubles, numericGradient } from "./reference.ts";

/** Seeded normal numbers, rounded to float32 so that both sides of a comparison start from the same values. */
export function normals(seed: number): (count: number, spread?: number) => Doubles {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return (count, spread = 1) => Float64Array.from({ length: count }, () => Math.fround(spread * normal()));
}

export const floats = <T extends Tensor>(values: Doubles, shape: readonly number[]): T =>
  tensor(Float32Array.from(values), [...shape]) as T;

/** Largest |actual - expected| in units of the largest |expected| (1 if all are smaller than 1e-6). */
export function relativeError(actual: Tensor | ArrayLike<number>, expected: ArrayLike<number>): number {
  const values = "dataSync" in actual ? actual.dataSync() : actual;
  if (values.length !== expected.length) return Number.NaN;
  let worst = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(values[i]! - expected[i]!);
    worst = Number.isNaN(error) ? Number.NaN : Math.max(worst, error);
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return worst / (largest < 1e-6 ? 1 : largest);
}

/** Tensors and data buffers left over by 200 calls of f; its own results are disposed. */
export function leaked(f: () => void): { tensors: number; buffers: number } {
  tidy(f);
  const before = memory();
  for (let i = 0; i < 200; i++) tidy(f);
  const after = memory();
  return { tensors: after.numTensors - before.numTensors, buffers: after.numDataBuffers - before.numDataBuffers };
}

/** Relative errors of an op's value and of its gradient in each input, against float64 and central differences. */
export function errorsAgainst(
  reference: (...inputs: Doubles[]) => Doubles,
  op: (...inputs: Tensor[]) => Tensor,
  inputs: readonly { values: Doubles; shape: readonly number[] }[],
  seed = 99,
): { value: number; gradients: number[] } {
  const values = inputs.map((input) => input.values);
  const expected = reference(...values);
  const cotangent = normals(seed)(expected.length);
  return tidy(() => {
    const tensors = inputs.map(({ values, shape }) => floats(values, shape));
    const y = op(...tensors);
    const found = grads(op)(tensors, floats(cotangent, y.shape));
    const gradients = found.map((gradient, i) => {
      const alone = (x: Doubles) => reference(...values.map((other, j) => (i === j ? x : other)));
      return relativeError(gradient, numericGradient(alone, values[i]!, cotangent));
    });
    return { value: relativeError(y, expected), gradients };
  });
}
