// The differentiable tfjs kernels that the model, the losses and the trainers call, each against a formula per element.
import {
  add,
  clipByValue,
  concat,
  div,
  exp,
  gather,
  log,
  logSoftmax,
  matMul,
  max,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  pad,
  reshape,
  rsqrt,
  sigmoid,
  slice,
  softmax,
  split,
  sqrt,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  tensor1d,
  tile,
  transpose,
  unstack,
  where,
} from "@tensorflow/tfjs-core";
import { type OpCase, sizeOf } from "./check.ts";
import { fill, matMul as matMulFormula, range } from "./references.ts";

type Formula = (inputs: Float64Array[]) => Float64Array;
type Coordinates = number[];

/** The tensor whose element at each coordinate is f of it. */
function grid(shape: number[], f: (at: Coordinates) => number): Float64Array {
  const strides = stridesOf(shape);
  return fill(sizeOf(shape), (i) => f(strides.map((stride, axis) => Math.floor(i / stride) % shape[axis]!)));
}

const stridesOf = (shape: number[]) => shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));

/** Element of x [shape]; a coordinate past an axis of size 1 reads that axis' only place (broadcasting). */
const element = (x: Float64Array, shape: number[], at: Coordinates) => {
  const own = at.slice(at.length - shape.length);
  return x[own.reduce((sum, c, axis) => sum + (shape[axis] === 1 ? 0 : c) * stridesOf(shape)[axis]!, 0)]!;
};

const unary = (name: string, op: (x: Tensor) => Tensor, formula: (x: number) => number): OpCase => ({
  name: `tfjs ${name}`,
  shapes: [[3, 7]],
  forward: ([x]) => op(x!),
  reference: ([x]) => x!.map(formula),
});

/** On positive numbers: the op is applied to 1 + x^2. */
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

const ids = [3, 0, 3, 3, 1];

const moves: OpCase[] = [
  {
    name: "tfjs gather, repeated rows",
    shapes: [[4, 2, 3]],
    forward: ([x]) => gather(x!, tensor1d(ids, "int32")),
    reference: ([x]) => grid([5, 2, 3], ([i, j, k]) => element(x!, [4, 2, 3], [ids[i!]!, j!, k!])),
  },
  {
    name: "tfjs gather along axis 1",
    shapes: [[2, 4, 3]],
    forward: ([x]) => gather(x!, tensor1d(ids, "int32"), 1),
    reference: ([x]) => grid([2, 5, 3], ([i, j, k]) => element(x!, [2, 4, 3], [i!, ids[j!]!, k!])),
  },
  ...[
    [0, 1, 2],
    [1, 0, 2],
    [2, 0, 1],
    [0, 2, 1],
  ].map((perm): OpCase => {
    const out = perm.map((axis) => shape[axis]!);
    return {
      name: `tfjs transpose, ${perm}`,
      shapes: [shape],
      forward: ([x]) => transpose(x!, perm),
      reference: ([x]) =>
        grid(out, (at) =>
          element(
            x!,
            shape,
            shape.map((_, axis) => at[perm.indexOf(axis)]!),
          ),
        ),
    };
  }),
  {
    name: "tfjs slice",
    shapes: [[3, 4, 5, 2]],
    forward: ([x]) => slice(x!, [1, 0, 2, 0], [2, 3, 2, -1]),
    reference: ([x]) => grid([2, 3, 2, 2], ([i, j, k, l]) => element(x!, [3, 4, 5, 2], [i! + 1, j!, k! + 2, l!])),
  },
  {
    name: "tfjs split, the second of [2, 3]",
    shapes: [shape],
    forward: ([x]) => split(x!, [2, 3], 2)[1]!,
    reference: ([x]) => grid([2, 3, 3], ([i, j, k]) => element(x!, shape, [i!, j!, k! + 2])),
  },
  {
    name: "tfjs concat along axis 1",
    shapes: [
      [2, 3, 5],
      [2, 1, 5],
    ],
    forward: ([a, b]) => concat([a!, b!], 1),
    reference: ([a, b]) =>
      grid([2, 4, 5], ([i, j, k]) => (j! < 3 ? element(a!, shape, [i!, j!, k!]) : element(b!, [2, 1, 5], [i!, 0, k!]))),
  },
  {
    name: "tfjs stack and unstack",
    shapes: [
      [3, 2],
      [3, 2],
    ],
    forward: ([a, b]) => sub(unstack(stack([a!, b!], 1), 1)[1]!, reshape(a!, [3, 2])),
    reference: ([a, b]) => a!.map((x, i) => b![i]! - x),
  },
  {
    name: "tfjs pad",
    shapes: [[2, 3]],
    forward: ([x]) =>
      pad(x!, [
        [1, 0],
        [2, 1],
      ]),
    reference: ([x]) => grid([3, 6], ([i, j]) => (i! < 1 || j! < 2 || j! > 4 ? 0 : x![(i! - 1) * 3 + j! - 2]!)),
  },
  {
    name: "tfjs tile",
    shapes: [[2, 3]],
    forward: ([x]) => tile(x!, [2, 2]),
    reference: ([x]) => grid([4, 6], ([i, j]) => x![(i! % 2) * 3 + (j! % 3)]!),
  },
];

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
  ...moves,
  ...rowCases,
  ...binary("add", add, (a, b) => a + b),
  ...binary("sub", sub, (a, b) => a - b),
  ...binary("mul", mul, (a, b) => a * b),
  ...binary(
    "div",
    (a, b) => div(a, add(square(b), 1)),
    (a, b) => a / (b * b + 1),
  ),
  // Of these two, tfjs-core's gradient does not reduce over a broadcast axis: equal shapes only.
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
