// The tfjs kernels without a gradient that the model, sampling and the trainers call; int32 and bool included.
import {
  argMax,
  cast,
  concat,
  cumsum,
  dispose,
  equal,
  gather,
  greater,
  less,
  logicalAnd,
  oneHot,
  slice,
  sum,
  type Tensor,
  tensor1d,
  tensor2d,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import type { StateCase } from "./state-case.ts";

const x = () => tensor2d([3, 1, 2, 2, 5, 4], [2, 3]);
const whole = () => tensor2d([3, 1, 2, 2, 5, 4], [2, 3], "int32");

const rows: { name: string; run: () => Tensor; dtype: string; expected: number[] }[] = [
  { name: "argMax", run: () => argMax(x(), -1), dtype: "int32", expected: [0, 1] },
  {
    name: "cast to int32 truncates",
    run: () => cast(tensor1d([1.7, -1.7]), "int32"),
    dtype: "int32",
    expected: [1, -1],
  },
  { name: "cast to float32", run: () => cast(whole(), "float32"), dtype: "float32", expected: [3, 1, 2, 2, 5, 4] },
  { name: "cast of bool", run: () => cast(greater(x(), 2), "float32"), dtype: "float32", expected: [1, 0, 0, 0, 1, 1] },
  {
    name: "concat of int32",
    run: () => concat([whole(), whole()], 1),
    dtype: "int32",
    expected: [3, 1, 2, 3, 1, 2, 2, 5, 4, 2, 5, 4],
  },
  { name: "cumsum", run: () => cumsum(x(), 1), dtype: "float32", expected: [3, 4, 6, 2, 7, 11] },
  { name: "equal", run: () => equal(whole(), 2), dtype: "bool", expected: [0, 0, 1, 1, 0, 0] },
  {
    name: "gather of int32 rows",
    run: () => gather(whole(), tensor1d([1, 1, 0], "int32")),
    dtype: "int32",
    expected: [2, 5, 4, 2, 5, 4, 3, 1, 2],
  },
  {
    name: "gather of int32 elements",
    run: () => gather(tensor1d([7, 8, 9], "int32"), tensor1d([2, 0], "int32")),
    dtype: "int32",
    expected: [9, 7],
  },
  {
    name: "less and logicalAnd",
    run: () => logicalAnd(less(x(), 4), greater(x(), 1)),
    dtype: "bool",
    expected: [1, 0, 1, 1, 0, 0],
  },
  { name: "oneHot", run: () => oneHot(tensor1d([2, 0], "int32"), 3), dtype: "int32", expected: [0, 0, 1, 1, 0, 0] },
  { name: "slice of bool", run: () => slice(greater(x(), 2), [0, 1], [2, 2]), dtype: "bool", expected: [0, 0, 1, 1] },
  { name: "slice of int32", run: () => slice(whole(), [1, 0], [1, 2]), dtype: "int32", expected: [2, 5] },
  { name: "sum of int32", run: () => sum(whole(), 0), dtype: "int32", expected: [5, 6, 6] },
  { name: "transpose of int32", run: () => transpose(whole()), dtype: "int32", expected: [3, 2, 1, 5, 2, 4] },
];

export const kernelCases: readonly StateCase[] = rows.map(({ name, run, dtype, expected }) => ({
  name: `tfjs ${name}`,
  run(check) {
    const y = tidy(run);
    check.equal(y.dtype, dtype);
    check.equal([...y.dataSync()], expected);
    dispose(y);
  },
}));
