// Kernels that only move data. tfjs' own go through JavaScript arrays, and copy even where nothing moves.
import { backend_util, slice_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { kernels, makeOutput, ptr, share } from "./module.ts";
import type { Override } from "./override.ts";
import { stridedCopy, stridesOf, whole } from "./strided-copy.ts";

const isFourBytes = ({ dtype }: TensorInfo): boolean => dtype === "float32" || dtype === "int32";

export const identity: Override = ({ inputs }) => {
  const { x } = inputs as { x: TensorInfo };
  return x.dtype === "string" ? undefined : share(x, x.shape);
};

export const cast: Override = ({ inputs, attrs }) => {
  const { x } = inputs as { x: TensorInfo };
  return x.dtype === attrs.dtype && x.dtype !== "string" ? share(x, x.shape) : undefined;
};

function sliceOf(x: TensorInfo, begin: number[], size: number[]): TensorInfo {
  if (util.arraysEqual(x.shape, size)) return share(x, size);
  const strides = stridesOf(x.shape);
  const offset = begin.reduce((sum, at, axis) => sum + at * strides[axis]!, 0);
  const out = makeOutput(size, x.dtype);
  stridedCopy(size, { tensor: x, offset, strides }, whole(out));
  return out;
}

export const slice: Override = ({ inputs, attrs }) => {
  const { x } = inputs as { x: TensorInfo };
  if (!isFourBytes(x)) return undefined;
  const { begin, size } = attrs as { begin: number[]; size: number[] };
  const [begins, sizes] = slice_util.parseSliceParams(x, begin, size) as [number[], number[]];
  slice_util.assertParamsValid(x, begins, sizes);
  return sliceOf(x, begins, sizes);
};

export const split: Override = ({ inputs, attrs }) => {
  const { x } = inputs as { x: TensorInfo };
  if (!isFourBytes(x)) return undefined;
  const { numOrSizeSplits, axis } = attrs as { numOrSizeSplits: number | number[]; axis: number };
  const along = util.parseAxisParam(axis, x.shape)[0]!;
  let start = 0;
  return backend_util.prepareSplitSize(x as never, numOrSizeSplits, along).map((size) => {
    const begin = x.shape.map((_, i) => (i === along ? start : 0));
    start += size;
    return sliceOf(x, begin, x.shape.with(along, size));
  });
};

export const concat: Override = ({ inputs, attrs }) => {
  const parts = Object.values(inputs) as TensorInfo[];
  const first = parts[0]!;
  if (!isFourBytes(first)) return undefined;
  const along = util.parseAxisParam(attrs.axis as number, first.shape)[0]!;
  const shapes = parts.map(({ shape }) => shape);
  backend_util.assertParamsConsistent(shapes, along);
  const out = makeOutput(backend_util.computeOutShape(shapes, along), first.dtype);
  const { strides } = whole(out);
  let offset = 0;
  for (const part of parts) {
    stridedCopy(part.shape, whole(part), { tensor: out, offset, strides });
    offset += part.shape[along]! * strides[along]!;
  }
  return out;
};

export const pad: Override = ({ inputs, attrs }) => {
  const { x } = inputs as { x: TensorInfo };
  const { paddings, constantValue } = attrs as unknown as { paddings: [number, number][]; constantValue: number };
  if (!isFourBytes(x) || constantValue !== 0) return undefined;
  const out = makeOutput(
    paddings.map(([before, after], axis) => before + x.shape[axis]! + after),
    x.dtype,
  );
  const { strides } = whole(out);
  const offset = paddings.reduce((sum, [before], axis) => sum + before * strides[axis]!, 0);
  kernels().fillZero(ptr(out), util.sizeFromShape(out.shape) * 4);
  stridedCopy(x.shape, whole(x), { tensor: out, offset, strides });
  return out;
};

/** Transposes whole rows: only if the last axis stays in place. */
export const transpose: Override = ({ inputs, attrs }) => {
  const { x } = inputs as { x: TensorInfo };
  const { perm } = attrs as { perm: number[] };
  if (perm.every((axis, i) => axis === i) && x.dtype !== "string") return share(x, x.shape);
  if (!isFourBytes(x) || perm.at(-1) !== perm.length - 1) return undefined;
  const strides = stridesOf(x.shape);
  const out = makeOutput(
    perm.map((axis) => x.shape[axis]!),
    x.dtype,
  );
  stridedCopy(out.shape, { tensor: x, offset: 0, strides: perm.map((axis) => strides[axis]!) }, whole(out));
  return out;
};

/** Gathers along the first axis only. */
export const gather: Override = ({ inputs, attrs }) => {
  const { x, indices } = inputs as { x: TensorInfo; indices: TensorInfo };
  const { axis, batchDims } = attrs as { axis: number; batchDims: number };
  if (!isFourBytes(x) || indices.dtype !== "int32" || axis !== 0 || batchDims !== 0) return undefined;
  const [rows, ...rowShape] = x.shape as [number, ...number[]];
  const out = makeOutput([...indices.shape, ...rowShape], x.dtype);
  const count = util.sizeFromShape(indices.shape);
  const bad = kernels().gatherRows(ptr(x), ptr(indices), count, rows, util.sizeFromShape(rowShape) * 4, ptr(out));
  if (bad >= 0) throw new RangeError(`gather: indices[${bad}] is not in [0, ${rows}), the rows of x [${x.shape}]`);
  return out;
};
