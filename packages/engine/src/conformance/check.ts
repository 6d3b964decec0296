import { dispose, memory, mul, type Scalar, sum, type Tensor, tensor, tidy, variable } from "@tensorflow/tfjs-core";
import { valueAndGrads } from "../gradients.ts";

export interface Tolerance {
  relative: number;
  absolute: number;
}

/** The part of the test runner that a case may use. */
export interface Check {
  tolerance: Tolerance;
  /** Asserts equality of a plain value. */
  equal(actual: unknown, expected: unknown): void;
}

/** An op with differentiable float inputs, and its formula in float64. */
export interface OpCase {
  name: string;
  shapes: number[][];
  forward(inputs: Tensor[]): Tensor;
  reference(inputs: Float64Array[]): Float64Array;
  /** Standard deviation of the inputs, default 1. */
  scale?: number;
}

/** Numbers in [-1, 1) x sqrt(3) x scale, the same for the same seed. */
export function noise(seed: number, count: number, scale = 1): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * Math.sqrt(3) * scale;
  });
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** |actual - expected| <= absolute + relative * max|expected|, element by element. */
export function close(check: Check, what: string, actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  check.equal(`${what}: ${actual.length} elements`, `${what}: ${expected.length} elements`);
  const largest = Array.from(expected).reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  const allowed = check.tolerance.absolute + check.tolerance.relative * largest;
  const worst = Array.from(expected, (x, i) => Math.abs(actual[i]! - x)).reduce((max, x) => (x <= max ? max : x), 0);
  const verdict = worst <= allowed ? "close" : `off by ${worst}, allowed ${allowed}`; // NaN is not <=
  check.equal(`${what}: ${verdict}`, `${what}: close`);
}

/** Checks the value against the formula, gradients against its central differences, and that no tensor is left over. */
export function checkOp(check: Check, { shapes, forward, reference, scale }: OpCase): void {
  const values = shapes.map((shape, i) => noise(i + 1, sizeOf(shape), scale));
  const exact = values.map((value) => Float64Array.from(value));
  const expected = reference(exact);
  const cotangent = noise(99, expected.length);
  const before = memory();

  const inputs = shapes.map((shape, i) => tidy(() => variable(tensor(values[i]!, shape))));
  const output = tidy(() => forward(inputs));
  close(check, "value", output.dataSync(), expected);
  const objective = () => sum(mul(forward(inputs), tensor(cotangent, output.shape))) as Scalar;
  const named = Object.fromEntries(inputs.map((input, i) => [`input ${i}`, input]));
  const { value, grads } = valueAndGrads(objective, named);
  for (const [i, input] of exact.entries()) {
    const numeric = numericGradient(() => reference(exact), input, cotangent);
    close(check, `gradient of input ${i}`, grads[`input ${i}`]!.dataSync(), numeric);
  }

  dispose([value, output, ...Object.values(grads), ...inputs]);
  check.equal(memory().numTensors, before.numTensors);
  check.equal(memory().numBytes, before.numBytes);
}

/** d (cotangent . f) / d input, by central differences in float64. */
function numericGradient(f: () => Float64Array, input: Float64Array, cotangent: Float32Array): Float64Array {
  const step = 1e-5;
  const objective = () => f().reduce((sum, y, i) => sum + y * cotangent[i]!, 0);
  return input.map((x, i) => {
    input[i] = x + step;
    const above = objective();
    input[i] = x - step;
    const below = objective();
    input[i] = x;
    return (above - below) / (2 * step);
  });
}
