// Reductions and scans, against tfjs' own "cpu" backend.
import * as tf from "@tensorflow/tfjs-core";
import { asOnCpu, bools, grid, type Row, whole } from "../../test/against-cpu.ts";

const reductionRows: Row[] = Object.entries({
  sum: tf.sum,
  mean: tf.mean,
  prod: tf.prod,
  max: tf.max,
  min: tf.min,
}).flatMap(([name, op]): Row[] => [
  ...[undefined, 0, -1, [0, 2], [1, 2], [0, 1, 2]].map(
    (axes): Row => [`${name} over ${axes}`, () => [op(grid([2, 3, 4]), axes), op(grid([2, 3, 4]), axes, true)]],
  ),
  [`${name} of int32`, () => op(tf.tensor2d([3, 1, 2, 2, 5, 4], [2, 3], "int32"), 1)],
  [`${name} with NaN`, () => op(tf.tensor2d([1, NaN, 3, 4], [2, 2]), 1)],
  [`${name} of no rows`, () => op(tf.zeros([0, 3]), 1)],
  [`${name} of a scalar`, () => op(tf.scalar(3))],
]);

const otherReductionRows: Row[] = [
  ["sum of bool", () => tf.sum(bools())],
  ["sum of nothing", () => tf.sum(tf.zeros([3, 0]), 1)],
  ["all", () => [tf.all(bools()), tf.all(tf.tensor2d([1, 0, 1, 1], [2, 2], "bool"), 1, true)]],
  ["any", () => [tf.any(bools()), tf.any(tf.tensor2d([1, 0, 0, 0], [2, 2], "bool"), [0, 1])]],
  ["argMax", () => [tf.argMax(grid([3, 4, 2]), 0), tf.argMax(grid([3, 4, 2]), 1), tf.argMax(grid([3, 4, 2]), -1)]],
  ["argMin", () => [tf.argMin(grid([3, 4, 2]), 0), tf.argMin(grid([3, 4], "int32"), 1)]],
  ["argMax, the first of equals", () => tf.argMax(tf.tensor2d([1, 3, 3, 2, 2, 2], [2, 3]), 1)],
  ["argMax with NaN", () => tf.argMax(tf.tensor2d([NaN, 1, 2, 1, NaN, 2, 3, 1, NaN], [3, 3]), 1)],
  ["argMin with NaN", () => tf.argMin(tf.tensor2d([NaN, 1, 2, 1, NaN, 2, 3, 1, NaN], [3, 3]), 1)],
  ...[false, true].flatMap((exclusive) =>
    [false, true].flatMap((reverse): Row[] => [
      [`cumsum, exclusive ${exclusive}, reverse ${reverse}`, () => tf.cumsum(grid([2, 3, 2]), 1, exclusive, reverse)],
      [`cumprod, exclusive ${exclusive}, reverse ${reverse}`, () => tf.cumprod(grid([2, 3]), 1, exclusive, reverse)],
    ]),
  ),
  ["cumsum of int32", () => tf.cumsum(whole(), 0)],
  ["topk", () => Object.values(tf.topk(tf.tensor2d([1, 9, 3, 9, 9, 2, 4, 5], [2, 4]), 3))],
  ["topk of int32", () => Object.values(tf.topk(tf.tensor1d([4, 8, 8, 1], "int32"), 2))],
  ["softmax", () => [tf.softmax(grid([2, 3, 4])), tf.softmax(tf.tensor1d([1e4, 1e4, -1e4]))]],
  ["logSoftmax", () => tf.logSoftmax(grid([3, 4]))],
  ["logSumExp", () => tf.logSumExp(grid([3, 4]), 1)],
  ["moments", () => Object.values(tf.moments(grid([3, 4, 2]), [0, 2]))],
];

await asOnCpu("reductions", [...reductionRows, ...otherReductionRows]);
