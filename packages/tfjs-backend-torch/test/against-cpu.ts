import "@tensorflow/tfjs-backend-cpu";
import {
  grads,
  mul,
  range,
  reshape,
  setBackend,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tidy,
} from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import { describe, expect, test } from "vitest";
import { torch, whyNot } from "./torch.ts";

type Run = () => Tensor | Tensor[];
export type Row = [name: string, run: Run];

interface Result {
  dtype: string;
  shape: number[];
  values: number[];
}

/** Every element of a result, -0 as 0. */
async function resultsOn(backend: "cpu" | "torch", run: Run): Promise<Result[]> {
  await setBackend(backend);
  return tidy(() =>
    [run()]
      .flat()
      .map((y) => ({ dtype: y.dtype, shape: y.shape, values: Array.from(y.dataSync(), (value) => value + 0) })),
  ) as unknown as Result[];
}

/** The op gives on torch what it gives on tfjs' own "cpu" backend: dtype, shape, and values to 1e-5, NaN for NaN. */
async function expectAsOnCpu(run: Run, tolerance = 1e-5): Promise<void> {
  const expected = await resultsOn("cpu", run);
  const actual = await resultsOn("torch", run);
  expect(actual.map(({ dtype, shape }) => ({ dtype, shape }))).toEqual(
    expected.map(({ dtype, shape }) => ({ dtype, shape })),
  );
  for (const [i, { values }] of expected.entries()) {
    for (const [j, value] of values.entries()) {
      const got = actual[i]!.values[j]!;
      const close = Object.is(got, value) || Math.abs(got - value) <= tolerance * Math.max(1, Math.abs(value));
      if (!close) expect({ output: i, element: j, value: got }).toEqual({ output: i, element: j, value });
    }
  }
}

/** Defines a test for each row. */
export async function asOnCpu(family: string, rows: readonly Row[]): Promise<void> {
  await initEngine({ backend: "wasm" }); // tfjs' gradients
  describe.skipIf(!torch)(`${family} as on tfjs' cpu backend${whyNot}`, () => {
    test.each(rows)("%s", async (_, run) => expectAsOnCpu(run));
  });
}

export const special = () =>
  tensor1d([0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 7.25, -30, 30, 1e-3, Number.NaN, Infinity, -Infinity]);
export const whole = () => tensor1d([0, 1, -1, 2, -2, 7, -30, 30, 100], "int32");
export const bools = () => tensor1d([1, 0, 1, 1], "bool");

export const grid = (shape: number[], dtype: "float32" | "int32" = "float32") => {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Array.from({ length: size }, (_, i) => ((i * 37) % 23) - 11 + (dtype === "int32" ? 0 : (i % 7) / 8));
  return tensor(values, shape, dtype);
};

/** Value, and the gradients of its sum with the weights 1, 2, 3 ... */
export const withGradients = (f: (...xs: Tensor[]) => Tensor, ...xs: Tensor[]): Tensor[] => {
  const weights = range(1, f(...xs).size + 1);
  return [f(...xs), ...grads((...ys: Tensor[]) => sum(mul(reshape(f(...ys), [-1]), weights)))(xs)];
};
