// Kernels that work element by element, special numbers, integers, bools and empty tensors included, against tfjs' own "cpu" backend.
import * as tf from "@tensorflow/tfjs-core";
import { asOnCpu, bools, grid, type Row, special, whole } from "../../test/against-cpu.ts";

const floatUnary = {
  abs: tf.abs,
  acos: tf.acos,
  acosh: tf.acosh,
  asin: tf.asin,
  asinh: tf.asinh,
  atan: tf.atan,
  atanh: tf.atanh,
  ceil: tf.ceil,
  cos: tf.cos,
  cosh: tf.cosh,
  elu: tf.elu,
  erf: tf.erf,
  exp: tf.exp,
  expm1: tf.expm1,
  floor: tf.floor,
  isFinite: tf.isFinite,
  isInf: tf.isInf,
  isNaN: tf.isNaN,
  log: tf.log,
  log1p: tf.log1p,
  neg: tf.neg,
  onesLike: tf.onesLike,
  reciprocal: tf.reciprocal,
  relu: tf.relu,
  relu6: tf.relu6,
  round: tf.round,
  rsqrt: tf.rsqrt,
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  sign: tf.sign,
  sin: tf.sin,
  sinh: tf.sinh,
  softplus: tf.softplus,
  sqrt: tf.sqrt,
  square: tf.square,
  step: tf.step,
  tan: tf.tan,
  tanh: tf.tanh,
  zerosLike: tf.zerosLike,
  leakyRelu: tf.leakyRelu,
  logSigmoid: tf.logSigmoid,
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
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
  equal: tf.equal,
  notEqual: tf.notEqual,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
};
/** Finite numbers only: torch and tfjs differ in remainders by an infinite divisor. */
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

const creationRows: Row[] = [
  ["fill", () => [tf.fill([2, 3], 2.5), tf.fill([2], 3, "int32"), tf.zeros([0]), tf.ones([2], "bool")]],
  [
    "range",
    () => [tf.range(0, 5), tf.range(5, 0, -2), tf.range(0, 1, 0.25), tf.range(3, 9, 2, "int32"), tf.range(2, 2)],
  ],
  ["linspace", () => [tf.linspace(0, 1, 5), tf.linspace(3, 3, 1)]],
  ["eye", () => tf.eye(3, 4)],
];

await asOnCpu("unary", unaryRows);
await asOnCpu("binary", binaryRows);
await asOnCpu("creation", creationRows);
