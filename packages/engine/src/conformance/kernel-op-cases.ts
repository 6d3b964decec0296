// The differentiable tfjs kernels that the model, the losses and the trainers call, each against a formula per element.
import {
  add,
  clipByValue,
  div,
  exp,
  log,
  logSoftmax,
  matMul,
  max,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  rsqrt,
  sigmoid,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor1d,
  where,
} from "@tensorflow/tfjs-core";
import { type OpCase, sizeOf } from "./check.ts";
import { element, grid, stridesOf } from "./grid.ts";
import { matMul as matMulFormula, range } from "./references.ts";

type Formula = (inputs: Float64Array[]) => Float64Array;

const unary = (name: string, op: (x: Tensor) => Tensor, formula: (x: number) => number): OpCase => ({
  name: `tfjs ${name}`,
  shapes: [[3, 7]],
  forward: ([x]) => op(x!),
  reference: ([x]) => x!.map(formula),
});

/** Applies the op to 1 + x^2, since its input must be positive. */
const positive = (name: string, op: (x: Tensor) => Tensor, formula: (x: number) => number): OpCase =>
  unary(
    name,
    (x) => op(add(square(x), 1)),
    (x) => formula(x * x + 1),
  );

const binaryShapes: [number[], number[], number[]][] = [
  [
    [2, 5],
    [2, 5],
    [2, 5],
  ],
  [[2, 3, 5], [5], [2, 3, 5]],
  [
    [2, 3, 5],
    [2, 3, 1],
    [2, 3, 5],
  ],
  [
    [2, 1, 5],
    [1, 3, 1],
    [2, 3, 5],
  ],
  [[], [7], [7]],
];

const binary = (name: string, op: (a: Tensor, b: Tensor) => Tensor, formula: (a: number, b: number) => number) =>
  binaryShapes.map(
    ([a, b, out]): OpCase => ({
      name: `tfjs ${name}, [${a}] and [${b}]`,
      shapes: [a, b],
      forward: ([x, y]) => op(x!, y!),
      reference: ([x, y]) => grid(out, (at) => formula(element(x!, a, at), element(y!, b, at))),
    }),
  );

const matMulCases = [false, true].flatMap((transposeA) =>
  [false, true].flatMap((transposeB) =>
    [
      { M: 5, D: 3, N: 10 },
      { M: 9, D: 1, N: 1 },
      { M: 1, D: 6, N: 5 },
    ].map((size): OpCase => {
      const { M, D, N } = size;
      return {
        name: `tfjs matMul, ${M}x${D}x${N}, transposed ${transposeA} ${transposeB}`,
        shapes: [transposeA ? [D, M] : [M, D], transposeB ? [N, D] : [D, N]],
        forward: ([a, b]) => matMul(a!, b!, transposeA, transposeB),
        reference: ([a, b]) => matMulFormula(a!, b!, { ...size, transposeA, transposeB }),
      };
    }),
  ),
);

const batchedMatMul: OpCase = {
  name: "tfjs matMul, [2,3] matrices",
  shapes: [
    [2, 3, 4, 5],
    [2, 3, 2, 5],
  ],
  forward: ([a, b]) => matMul(a!, b!, false, true),
  reference: ([a, b]) => {
    const size = { M: 4, D: 5, N: 2, transposeA: false, transposeB: true };
    const products = range(6).map((i) =>
      matMulFormula(a!.subarray(i * 20, i * 20 + 20), b!.subarray(i * 10, i * 10 + 10), size),
    );
    return Float64Array.from(products.flatMap((product) => [...product]));
  },
};

const shape = [2, 3, 5];

/** Sum over the last axis of `values`, row by row. */
const perRow = (x: Float64Array, size: number, f: (row: Float64Array) => number[]): Float64Array =>
  Float64Array.from(range(x.length / size).flatMap((row) => f(x.subarray(row * size, (row + 1) * size))));

const logNormalizer = (row: Float64Array) => Math.log(row.reduce((total, x) => total + Math.exp(x), 0));

const reductions: OpCase[] = [[0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]].flatMap((axes) => {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const count = sizeOf(shape) / sizeOf(kept);
  const formula: Formula = ([x]) => {
    const out = new Float64Array(sizeOf(kept));
    grid(shape, (at) => {
      const to = at.reduce((sum, c, axis) => sum + (kept[axis] === 1 ? 0 : c) * stridesOf(kept)[axis]!, 0);
      out[to]! += element(x!, shape, at);
      return 0;
    });
    return out;
  };
  const of = (name: string, op: (x: Tensor) => Tensor, reference: Formula): OpCase => ({
    name: `tfjs ${name} over axes ${axes}`,
    shapes: [shape],
    forward: ([x]) => op(x!),
    reference,
  });
  return [
    of("sum", (x) => sum(x, axes), formula),
    of(
      "mean",
      (x) => mean(x, axes, true),
      (inputs) => formula(inputs).map((total) => total / count),
    ),
  ];
});

const rowCases: OpCase[] = [
  {
    name: "tfjs softmax",
    shapes: [shape],
    forward: ([x]) => softmax(x!),
    reference: ([x]) => perRow(x!, 5, (row) => [...row].map((value) => Math.exp(value - logNormalizer(row)))),
  },
  {
    name: "tfjs logSoftmax",
    shapes: [shape],
    forward: ([x]) => logSoftmax(x!),
    reference: ([x]) => perRow(x!, 5, (row) => [...row].map((value) => value - logNormalizer(row))),
  },
  {
    name: "tfjs max over the last axis",
    shapes: [shape],
    forward: ([x]) => max(x!, -1),
    reference: ([x]) => perRow(x!, 5, (row) => [Math.max(...row)]),
  },
  {
    name: "tfjs where",
    shapes: [[6], [6]],
    forward: ([a, b]) => where(tensor1d([1, 0, 0, 1, 1, 0], "bool"), a!, b!),
    reference: ([a, b]) => a!.map((x, i) => ([1, 0, 0, 1, 1, 0][i] ? x : b![i]!)),
  },
];

export const kernelOpCases: readonly OpCase[] = [
  ...matMulCases,
  batchedMatMul,
  ...reductions,
  ...rowCases,
  ...binary("add", add, (a, b) => a + b),
  ...binary("sub", sub, (a, b) => a - b),
  ...binary("mul", mul, (a, b) => a * b),
  ...binary(
    "div",
    (a, b) => div(a, add(square(b), 1)),
    (a, b) => a / (b * b + 1),
  ),
  // Equal shapes only: tfjs-core's gradients of these two do not reduce over a broadcast axis.
  ...binary("minimum", minimum, Math.min).slice(0, 1),
  ...binary("maximum", maximum, Math.max).slice(0, 1),
  unary("exp", exp, Math.exp),
  unary("neg", neg, (x) => -x),
  unary("square", square, (x) => x * x),
  unary("sigmoid", sigmoid, (x) => 1 / (1 + Math.exp(-x))),
  unary(
    "clipByValue",
    (x) => clipByValue(x, -0.5, 0.75),
    (x) => Math.min(Math.max(x, -0.5), 0.75),
  ),
  positive("log", log, Math.log),
  positive("sqrt", sqrt, Math.sqrt),
  positive("rsqrt", rsqrt, (x) => 1 / Math.sqrt(x)),
];
