import "@tensorflow/tfjs-backend-cpu";
import { setBackend, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { expect } from "vitest";

interface Result {
  dtype: string;
  shape: number[];
  values: number[];
}

/** Every element of a result, -0 as 0. */
async function resultsOn(backend: "cpu" | "torch", run: () => Tensor | Tensor[]): Promise<Result[]> {
  await setBackend(backend);
  return tidy(() =>
    [run()]
      .flat()
      .map((y) => ({ dtype: y.dtype, shape: y.shape, values: Array.from(y.dataSync(), (value) => value + 0) })),
  ) as unknown as Result[];
}

/** The op gives on torch what it gives on tfjs' own "cpu" backend: dtype, shape, and values to 1e-5, NaN for NaN. */
export async function expectAsOnCpu(run: () => Tensor | Tensor[], tolerance = 1e-5): Promise<void> {
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
