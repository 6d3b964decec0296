// Every ordinary kernel against tfjs' own "cpu" backend, special numbers, integers, bools and empty tensors included.
import * as tf from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import { beforeAll, describe, test } from "vitest";
import { expectAsOnCpu } from "../../test/against-cpu.ts";
import { torch, whyNot } from "../../test/torch.ts";

type Run = () => tf.Tensor | tf.Tensor[];
type Row = [name: string, run: Run];

const special = () => tf.tensor1d([0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 7.25, -30, 30, 1e-3, NaN, Infinity, -Infinity]);
const whole = () => tf.tensor1d([0, 1, -1, 2, -2, 7, -30, 30, 100], "int32");
const bools = () => tf.tensor1d([1, 0, 1, 1], "bool");
const grid = (shape: number[], dtype: "float32" | "int32" = "float32") => {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Array.from({ length: size }, (_, i) => ((i * 37) % 23) - 11 + (dtype === "int32" ? 0 : (i % 7) / 8));
  return tf.tensor(values, shape, dtype);
};

const floatUnary = {
  ...{ abs: tf.abs, acos: tf.acos, acosh: tf.acosh, asin: tf.asin, asinh: tf.asinh, atan: tf.atan, atanh: tf.atanh },
  ...{ ceil: tf.ceil, cos: tf.cos, cosh: tf.cosh, elu: tf.elu, erf: tf.erf, exp: tf.exp, expm1: tf.expm1 },
  ...{ floor: tf.floor, isFinite: tf.isFinite, isInf: tf.isInf, isNaN: tf.isNaN, log: tf.log, log1p: tf.log1p },
  ...{ neg: tf.neg, onesLike: tf.onesLike, reciprocal: tf.reciprocal, relu: tf.relu, relu6: tf.relu6 },
  ...{
    round: tf.round,
    rsqrt: tf.rsqrt,
    selu: tf.selu,
    sigmoid: tf.sigmoid,
    sign: tf.sign,
    sin: tf.sin,
    sinh: tf.sinh,
  },
  ...{ softplus: tf.softplus, sqrt: tf.sqrt, square: tf.square, step: tf.step, tan: tf.tan, tanh: tf.tanh },
  ...{ zerosLike: tf.zerosLike, leakyRelu: tf.leakyRelu, logSigmoid: tf.logSigmoid },
  clipByValue: (x: tf.Tensor) => tf.clipByValue(x, -1, 2),
  prelu: (x: tf.Tensor) => tf.prelu(x, tf.scalar(0.25)),
};
const wholeUnary = [
  "abs",
  "neg",
  "sign",
  "square",
  "relu",
  "exp",
  "onesLike",
  "zerosLike",
  "round",
  "clipByValue",
] as const;

const binary = {
  ...{ add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div, maximum: tf.maximum, minimum: tf.minimum },
  ...{ squaredDifference: tf.squaredDifference, equal: tf.equal, notEqual: tf.notEqual, greater: tf.greater },
  ...{ greaterEqual: tf.greaterEqual, less: tf.less, lessEqual: tf.lessEqual },
};
/** Of numbers only: tfjs' remainders with an infinite divisor are a matter of its own. */
const finiteBinary = { mod: tf.mod, pow: tf.pow, atan2: tf.atan2, floorDiv: tf.floorDiv };
const finite = () => tf.tensor1d([0, 1, -1, 0.5, 2.5, -2.5, 7.25, -3]);
const divisors = () => tf.tensor2d([2, -2, 0.75, -3], [4, 1]);

const unaryRows: Row[] = [
  ...Object.entries(floatUnary).map(([name, op]): Row => [name, () => op(special())]),
  ...wholeUnary.map((name): Row => [`${name} of int32`, () => floatUnary[name](whole())]),
  ["logicalNot", () => tf.logicalNot(bools())],
  ...(["float32", "int32", "bool"] as const).flatMap((dtype): Row[] => [
    [`cast of float32 to ${dtype}`, () => tf.cast(special(), dtype)],
    [`cast of int32 to ${dtype}`, () => tf.cast(whole(), dtype)],
    [`cast of bool to ${dtype}`, () => tf.cast(bools(), dtype)],
  ]),
];

const binaryRows: Row[] = [
  ...Object.entries(binary).flatMap(([name, op]): Row[] => [
    [name, () => op(special(), tf.reverse(special()))],
    [`${name}, broadcast`, () => op(special(), tf.reshape(special(), [15, 1]))],
    [`${name} of int32`, () => op(whole(), tf.tensor1d([1, 2, 3, -2, 5, 4, 7, 30, -9], "int32"))],
    [`${name} of nothing`, () => op(tf.zeros([0, 3]), tf.ones([1, 3]))],
  ]),
  ...Object.entries(finiteBinary).flatMap(([name, op]): Row[] => [
    [name, () => op(finite(), divisors())],
    [`${name} of int32`, () => op(whole(), tf.tensor1d([1, 2, 3, 2, 5, 4, 2, 3, 0], "int32"))],
  ]),
  ["logicalAnd", () => tf.logicalAnd(bools(), tf.reshape(bools(), [4, 1]))],
  ["logicalOr", () => tf.logicalOr(bools(), tf.reshape(bools(), [4, 1]))],
  ["logicalXor", () => tf.logicalXor(bools(), tf.reshape(bools(), [4, 1]))],
  ["batchNorm", () => tf.batchNorm(grid([2, 5, 3]), tf.tensor1d([1, 2, 3]), tf.tensor1d([4, 5, 6]))],
  [
    "batchNorm with scale and offset",
    () => tf.batchNorm(grid([5, 2]), tf.ones([2]), tf.tensor1d([4, 5]), tf.tensor1d([1, -1]), tf.tensor1d([2, 3]), 0.1),
  ],
  ["addN", () => tf.addN([grid([2, 3]), grid([2, 3]), tf.ones([2, 3])])],
  ["where", () => tf.where(tf.tensor2d([1, 0, 0, 1], [2, 2], "bool"), grid([2, 2]), tf.zeros([2, 2]))],
];

const reductionRows: Row[] = Object.entries({
  ...{ sum: tf.sum, mean: tf.mean, prod: tf.prod, max: tf.max, min: tf.min },
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

const moveRows: Row[] = [
  ["transpose", () => [tf.transpose(grid([2, 3, 4]), [2, 0, 1]), tf.transpose(grid([2, 3], "int32"))]],
  ["reshape of a transpose", () => tf.reshape(tf.transpose(grid([2, 3, 4]), [1, 0, 2]), [3, 8])],
  ["rank 6", () => tf.transpose(grid([1, 2, 1, 3, 2, 2]), [5, 3, 1, 0, 4, 2])],
  ["slice", () => [tf.slice(grid([3, 4, 5]), [1, 0, 2], [2, 3, -1]), tf.slice(bools(), 1, 2)]],
  ["slice of nothing", () => tf.slice(grid([3, 4]), [1, 2], [0, 2])],
  ["stridedSlice", () => tf.stridedSlice(grid([5, 6]), [1, 0], [5, 6], [2, 3])],
  ["stridedSlice downwards", () => tf.stridedSlice(grid([5, 6]), [4, 5], [0, -7], [-2, -1])],
  ["stridedSlice with masks", () => tf.stridedSlice(grid([5, 6]), [1, 1], [3, 2], [1, 1], 1, 0, 0, 0, 2)],
  ["split", () => [...tf.split(grid([4, 6]), 3, 1), ...tf.split(grid([4, 6]), [1, 3], 0)]],
  ["concat", () => [tf.concat([grid([2, 3]), grid([2, 1])], 1), tf.concat([whole(), whole()])]],
  ["concat with nothing", () => tf.concat([tf.zeros([0, 3]), grid([2, 3])], 0)],
  ["stack", () => [tf.stack([grid([2, 3]), grid([2, 3])], 1), tf.stack([tf.scalar(1), tf.scalar(2)])]],
  ["unstack", () => tf.unstack(grid([2, 3, 2]), 1)],
  ["tile", () => [tf.tile(grid([2, 3]), [2, 3]), tf.tile(bools(), [2])]],
  ["broadcastTo", () => tf.broadcastTo(grid([3, 1]), [2, 3, 4])],
  [
    "pad",
    () =>
      tf.pad(
        grid([2, 3]),
        [
          [1, 0],
          [2, 1],
        ],
        7,
      ),
  ],
  [
    "pad of int32",
    () =>
      tf.pad(grid([2, 3], "int32"), [
        [0, 1],
        [1, 0],
      ]),
  ],
  [
    "mirrorPad, reflect",
    () =>
      tf.mirrorPad(
        grid([3, 4]),
        [
          [1, 2],
          [3, 0],
        ],
        "reflect",
      ),
  ],
  [
    "mirrorPad, symmetric",
    () =>
      tf.mirrorPad(
        grid([3, 4]),
        [
          [1, 3],
          [4, 0],
        ],
        "symmetric",
      ),
  ],
  ["reverse", () => [tf.reverse(grid([2, 3, 2])), tf.reverse(grid([2, 3, 2]), [1])]],
  ["expandDims and squeeze", () => [tf.expandDims(grid([2, 3]), 1), tf.squeeze(grid([2, 1, 3]))]],
  ["clone", () => tf.clone(grid([2, 3]))],
];

const indexingRows: Row[] = [
  ["gather", () => tf.gather(grid([4, 3, 2]), tf.tensor1d([3, 0, 3], "int32"))],
  ["gather along an axis", () => tf.gather(grid([4, 3, 2]), tf.tensor2d([2, 0, 1, 1], [2, 2], "int32"), 1)],
  ["gather of nothing", () => tf.gather(grid([4, 3]), tf.tensor1d([], "int32"))],
  ["gather in batches", () => tf.gather(grid([2, 4, 3]), tf.tensor2d([2, 0, 3, 3], [2, 2], "int32"), 1, 1)],
  ["gatherND", () => tf.gatherND(grid([3, 4, 2]), tf.tensor2d([0, 1, 2, 3], [2, 2], "int32"))],
  ["scatterND adds up", () => tf.scatterND(tf.tensor2d([1, 3, 1], [3, 1], "int32"), grid([3, 2]), [5, 2])],
  [
    "tensorScatterUpdate",
    () => tf.tensorScatterUpdate(grid([4, 2]), tf.tensor2d([1, 3], [2, 1], "int32"), tf.ones([2, 2])),
  ],
  ["sparseToDense", () => tf.sparseToDense(tf.tensor1d([1, 3], "int32"), tf.tensor1d([5, 6]), [5], tf.scalar(-1))],
  [
    "oneHot",
    () => [tf.oneHot(tf.tensor2d([2, 0, 5, -1], [2, 2], "int32"), 3), tf.oneHot(whole(), 3, 0.5, 2, "float32")],
  ],
  [
    "unsortedSegmentSum",
    () => tf.unsortedSegmentSum(grid([4, 3]), tf.tensor1d([1, 0, 1, -1], "int32") as tf.Tensor1D, 3),
  ],
];

const productRows: Row[] = [
  ...[false, true].flatMap((a) =>
    [false, true].map(
      (b): Row => [
        `matMul, transposed ${a} ${b}`,
        () => tf.matMul(grid(a ? [3, 2] : [2, 3]), grid(b ? [4, 3] : [3, 4]), a, b),
      ],
    ),
  ),
  ["matMul, broadcast", () => tf.matMul(grid([2, 5, 3, 4]), grid([4, 2]))],
  ["matMul of nothing", () => tf.matMul(tf.zeros([0, 3]), grid([3, 2]))],
  ["matMul over nothing", () => tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3]))],
  ["dot", () => tf.dot(grid([3]), grid([3]))],
  ["outerProduct", () => tf.outerProduct(grid([3]) as tf.Tensor1D, grid([2]) as tf.Tensor1D)],
  ["einsum", () => tf.einsum("bij,bjk->bik", grid([2, 3, 4]), grid([2, 4, 2]))],
  ["einsum, one operand", () => tf.einsum("ij->j", grid([3, 4]))],
  ...(["linear", "relu", "relu6", "elu", "sigmoid", "prelu", "leakyrelu"] as const).map(
    (activation): Row => [
      `fused matMul with ${activation}`,
      () =>
        tf.fused.matMul({
          a: grid([2, 3]),
          b: grid([3, 2]),
          transposeA: false,
          transposeB: false,
          bias: tf.tensor1d([1, -2]),
          activation,
          preluActivationWeights: tf.tensor1d([0.3, 0.4]),
          leakyreluAlpha: 0.1,
        }),
    ],
  ),
];

const creationRows: Row[] = [
  ["fill", () => [tf.fill([2, 3], 2.5), tf.fill([2], 3, "int32"), tf.zeros([0]), tf.ones([2], "bool")]],
  [
    "range",
    () => [tf.range(0, 5), tf.range(5, 0, -2), tf.range(0, 1, 0.25), tf.range(3, 9, 2, "int32"), tf.range(2, 2)],
  ],
  ["linspace", () => [tf.linspace(0, 1, 5), tf.linspace(3, 3, 1)]],
  ["eye", () => tf.eye(3, 4)],
];

const image = () => grid([2, 7, 6, 3]);
const volume = () => grid([1, 4, 5, 6, 2]);
const paddings = ["valid", "same"] as const;

/** Value, and the gradients of its sum with the weights 1, 2, 3 ... */
const withGradients = (f: (...xs: tf.Tensor[]) => tf.Tensor, ...xs: tf.Tensor[]): tf.Tensor[] => {
  const weights = tf.range(1, f(...xs).size + 1);
  return [f(...xs), ...tf.grads((...ys: tf.Tensor[]) => tf.sum(tf.mul(tf.reshape(f(...ys), [-1]), weights)))(xs)];
};

const convolutionRows: Row[] = paddings.flatMap((pad): Row[] => [
  ...[1, 2].flatMap((stride): Row[] => [
    [
      `conv2d, ${pad}, stride ${stride}`,
      () =>
        withGradients(
          (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad),
          image(),
          grid([3, 2, 3, 4]),
        ),
    ],
    [
      `depthwiseConv2d, ${pad}, stride ${stride}`,
      () =>
        withGradients(
          (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad),
          image(),
          grid([3, 3, 3, 2]),
        ),
    ],
    [
      `maxPool, ${pad}, stride ${stride}`,
      () => withGradients((x) => tf.maxPool(x as tf.Tensor4D, [3, 2], stride, pad), image()),
    ],
    [
      `avgPool, ${pad}, stride ${stride}`,
      () => withGradients((x) => tf.avgPool(x as tf.Tensor4D, [3, 2], stride, pad), image()),
    ],
  ]),
  [
    `conv2d, ${pad}, dilated`,
    () => tf.conv2d(image() as tf.Tensor4D, grid([3, 2, 3, 4]) as tf.Tensor4D, 1, pad, "NHWC", 2),
  ],
  [
    `conv3d, ${pad}`,
    () =>
      withGradients((x, w) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, 2, pad), volume(), grid([2, 3, 2, 2, 3])),
  ],
  [`maxPool3d, ${pad}`, () => withGradients((x) => tf.maxPool3d(x as tf.Tensor5D, 2, 2, pad), volume())],
  [`avgPool3d, ${pad}`, () => withGradients((x) => tf.avgPool3d(x as tf.Tensor5D, 2, 2, pad), volume())],
]);

/** A few of those that run on tfjs' cpu backend: the way there and back. */
const fallbackRows: Row[] = [
  ["resizeBilinear", () => tf.image.resizeBilinear(image() as tf.Tensor4D, [3, 9])],
  ["unique", () => Object.values(tf.unique(tf.tensor1d([3, 1, 3, 2], "int32")))],
  ["bincount", () => tf.bincount(tf.tensor1d([1, 1, 3], "int32"), tf.tensor1d([]), 4)],
];

const families = {
  unary: unaryRows,
  binary: binaryRows,
  reductions: [...reductionRows, ...otherReductionRows],
  moves: moveRows,
  indexing: indexingRows,
  products: productRows,
  creation: creationRows,
  convolutions: convolutionRows,
  "kernels that run there": fallbackRows,
};

beforeAll(async () => void (await initEngine({ backend: "wasm" }))); // tfjs' gradients

describe.skipIf(!torch).each(Object.entries(families))(`%s as on tfjs' cpu backend${whyNot}`, (_, rows) => {
  test.each(rows)("%s", async (_name, run) => expectAsOnCpu(run));
});
