// What the kernels of a training step give, by shape and width; see native/compute-dtype.h of the torch backend for the widths.
import { backend_util, slice_util, type Tensor, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { decodeShapes } from "./decode-shapes.ts";
import type { ShapeBackend } from "./shape-backend.ts";
import type { ShapeCall as Call, ShapeKernel } from "./shape-kernel.ts";
import { viewStrides } from "./strides.ts";

const float = 4;

/** A tensor as another is stored, in its own or another shape. */
const like = (backend: ShapeBackend, x: TensorInfo, shape: readonly number[] = x.shape): TensorInfo =>
  backend.make(shape, x.dtype, backend.laid(x).width);

const as =
  (name: string): ShapeKernel =>
  ({ inputs, backend }) =>
    like(backend, inputs[name]!);

/** The gradients of inputs, as they are stored. */
const each =
  (...names: string[]): ShapeKernel =>
  ({ inputs, backend }) =>
    names.map((name) => like(backend, inputs[name]!));

/** A share of the same data. */
function share({ backend }: Call, x: TensorInfo): TensorInfo {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}

/** float32 as soon as one operand is that is not a scalar. */
const binary: ShapeKernel = ({ inputs, backend }) => {
  const [a, b] = [inputs.a!, inputs.b!];
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const ranked = [a, b].filter((x) => x.shape.length > 0);
  const width = Math.max(...(ranked.length > 0 ? ranked : [a, b]).map((x) => backend.laid(x).width));
  return backend.make(shape, a.dtype, width);
};

const product: ShapeKernel = ({ inputs, attrs, backend }) => {
  const [a, b] = [inputs.a!, inputs.b!];
  const rows = a.shape.at(attrs.transposeA ? -1 : -2)!;
  const columns = b.shape.at(attrs.transposeB ? -2 : -1)!;
  const width = Math.min(backend.laid(a).width, backend.laid(b).width);
  backend.operations += 2 * util.sizeFromShape(a.shape) * columns;
  return backend.make([...a.shape.slice(0, -2), rows, columns], a.dtype, width);
};

const linear: ShapeKernel = ({ inputs, backend }) => {
  const [x, weight] = [inputs.x!, inputs.weight!];
  const width = Math.min(backend.laid(x).width, backend.laid(weight).width);
  backend.operations += 2 * util.sizeFromShape(x.shape) * weight.shape[0]!;
  return backend.make([...x.shape.slice(0, -1), weight.shape[0]!], x.dtype, width);
};

const reshape: ShapeKernel = (call) => {
  const { inputs, attrs, backend } = call;
  const x = inputs.x!;
  const shape = util.inferFromImplicitShape(attrs.shape, util.sizeFromShape(x.shape));
  if (util.arraysEqual(x.shape, shape)) return share(call, x);
  const strides = viewStrides(x.shape, backend.laid(x).strides, shape);
  return strides ? backend.view(x, shape, strides) : like(backend, x, shape);
};

const transpose: ShapeKernel = ({ inputs, attrs, backend }) => {
  const x = inputs.x!;
  const { strides } = backend.laid(x);
  const perm = attrs.perm as number[];
  return backend.view(
    x,
    perm.map((axis) => x.shape[axis]!),
    perm.map((axis) => strides[axis]!),
  );
};

const slice: ShapeKernel = (call) => {
  const { inputs, attrs, backend } = call;
  const x = inputs.x!;
  const [, size] = slice_util.parseSliceParams(x as Tensor, attrs.begin, attrs.size) as [number[], number[]];
  return util.arraysEqual(x.shape, size) ? share(call, x) : backend.view(x, size, backend.laid(x).strides);
};

const split: ShapeKernel = ({ inputs, attrs, backend }) => {
  const x = inputs.x!;
  const [axis] = util.parseAxisParam(attrs.axis, x.shape) as [number];
  const sizes = backend_util.prepareSplitSize(x as Tensor, attrs.numOrSizeSplits, axis);
  return sizes.map((size) => backend.view(x, x.shape.with(axis, size), backend.laid(x).strides));
};

const concat: ShapeKernel = ({ inputs, attrs, backend }) => {
  const parts = Object.values(inputs);
  const [axis] = util.parseAxisParam(attrs.axis, parts[0]!.shape) as [number];
  const width = Math.max(...parts.map((x) => backend.laid(x).width));
  const shape = backend_util.computeOutShape(
    parts.map(({ shape }) => shape),
    axis,
  );
  return backend.make(shape, parts[0]!.dtype, width);
};

const gather: ShapeKernel = ({ inputs, attrs, backend }) => {
  const [x, indices] = [inputs.x!, inputs.indices!];
  const [axis] = util.parseAxisParam(attrs.axis, x.shape) as [number];
  return like(backend, x, [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]);
};

const reduction: ShapeKernel = ({ inputs, attrs, backend }) => {
  const x = inputs.x!;
  const axes = util.parseAxisParam(attrs.axis, x.shape);
  if (axes.length === 0) return like(backend, x);
  const [reduced] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  return backend.make(attrs.keepDims ? backend_util.expandShapeToKeepDim(reduced, axes) : reduced, x.dtype, float);
};

const pad: ShapeKernel = ({ inputs, attrs, backend }) => {
  const paddings = attrs.paddings as [number, number][];
  return like(
    backend,
    inputs.x!,
    inputs.x!.shape.map((size, axis) => paddings[axis]![0] + size + paddings[axis]![1]),
  );
};

/** Two products of each query with the keys that it sees, of heads [.., T, N, H]; five in the gradient, one of them anew. */
const attention =
  (products: number, seen: (call: Call) => number, gives: ShapeKernel): ShapeKernel =>
  (call) => {
    const [N, H] = call.inputs["0"]!.shape.slice(-2) as [number, number];
    call.backend.operations += products * 2 * N * H * seen(call);
    return gives(call);
  };

/** Pairs of a query and a key that it sees. */
const pairs = ({ inputs, attrs }: Call): number => {
  const [B, T] = inputs["0"]!.shape as [number, number];
  const S: number = attrs.keyCount;
  return B * (T * S - (attrs.causal ? (T * (T - 1)) / 2 : 0));
};

/** The same of segments, each of which sees its own keys and those of its prefix. */
const pairsOfSegments = ({ attrs }: Call): number => {
  const {
    cuSeqlens,
    cuKeys,
    prefixOf,
    causal,
  }: Record<"cuSeqlens" | "cuKeys" | "prefixOf", number[]> & { causal: boolean } = attrs;
  const lengthOf = (borders: readonly number[], i: number) => borders[i + 1]! - borders[i]!;
  return prefixOf.reduce((total, prefix, i) => {
    const [T, S] = [lengthOf(cuSeqlens, i), lengthOf(cuKeys, i)];
    const before = prefix < 0 ? 0 : lengthOf(cuKeys, prefix);
    return total + T * (S + before) - (causal ? (T * (T - 1)) / 2 : 0);
  }, 0);
};

/** log p, entropy and log-sum-exp of every row; a chunk of float32 logits, their log-softmax and its exponential on the way. */
const tokenLogps: ShapeKernel = ({ inputs, attrs, backend }) => {
  const [hidden, weight] = [inputs.hidden!, inputs.weight!];
  const rows = Math.min(attrs.chunkSize, hidden.shape[0]!);
  const outputs = [0, 1, 2].map(() => backend.make([hidden.shape[0]!], "float32"));
  backend.borrow(3 * rows * weight.shape[0]! * float);
  backend.operations += 2 * hidden.shape[0]! * util.sizeFromShape(weight.shape);
  return outputs;
};

/** On the way: a chunk of logits in float32 and as stored; where there are several, the head's sum in float32 and an addend. */
const tokenLogpsGrad: ShapeKernel = ({ inputs, attrs, backend }) => {
  const [hidden, weight] = [inputs.hidden!, inputs.weight!];
  const [T, [V]] = [hidden.shape[0]!, weight.shape as [number]];
  const { width } = backend.laid(weight);
  const grads = (attrs.frozenWeight ? [hidden] : [hidden, weight]).map((x) => like(backend, x));
  const sums =
    attrs.frozenWeight || T <= attrs.chunkSize
      ? 0
      : (width < float ? float + width : width) * util.sizeFromShape(weight.shape);
  backend.borrow(Math.min(attrs.chunkSize, T) * V * (float + width) + sums);
  backend.operations += (grads.length + 1) * 2 * T * util.sizeFromShape(weight.shape);
  return grads;
};

export const shapeKernels: Record<string, ShapeKernel> = {
  Add: binary,
  Sub: binary,
  Multiply: binary,
  RealDiv: binary,
  AddInPlace: (call) => share(call, call.inputs.total!),
  Attention: attention(2, pairs, as("0")),
  AttentionGrad: attention(5, pairs, each("0", "1", "2")),
  BatchMatMul: product,
  Cast: (call) =>
    call.inputs.x!.dtype === call.attrs.dtype
      ? share(call, call.inputs.x!)
      : call.backend.make(call.inputs.x!.shape, call.attrs.dtype),
  Concat: concat,
  ...decodeShapes,
  Fill: ({ attrs, backend }) => backend.make(attrs.shape, attrs.dtype ?? util.inferDtype(attrs.value)),
  GatherV2: gather,
  Gelu: as("x"),
  GeluGrad: as("x"),
  Identity: (call) => share(call, call.inputs.x!),
  Linear: linear,
  Mean: reduction,
  Neg: as("x"),
  OnesLike: as("x"),
  PadV2: pad,
  Reshape: reshape,
  RmsNorm: as("x"),
  RmsNormGrad: each("x", "weight"),
  RotaryEmbedding: as("x"),
  Slice: slice,
  SplitV: split,
  Sum: reduction,
  Swiglu: as("gate"),
  SwigluGrad: each("gate", "up"),
  Tile: ({ inputs, attrs, backend }) =>
    like(
      backend,
      inputs.x!,
      inputs.x!.shape.map((size, axis) => size * attrs.reps[axis]),
    ),
  ToBfloat16: ({ inputs, backend }) => backend.make(inputs["0"]!.shape, "float32", 2),
  TokenLogps: tokenLogps,
  TokenLogpsGrad: tokenLogpsGrad,
  Transpose: transpose,
  UnsortedSegmentSum: ({ inputs, attrs, backend }) =>
    like(backend, inputs.x!, [attrs.numSegments, ...inputs.x!.shape.slice(1)]),
  VarlenAttention: attention(2, pairsOfSegments, as("0")),
  VarlenAttentionGrad: attention(5, pairsOfSegments, each("0", "1", "2")),
  ZerosLike: as("x"),
};
