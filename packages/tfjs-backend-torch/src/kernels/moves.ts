import { backend_util, slice_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { TorchBackend } from "../backend.ts";
import type { TorchKernel } from "../register.ts";

/** The same data in another shape: a view, where the data lies in order. */
function reshaped(backend: TorchBackend, x: TensorInfo, shape: number[]): TensorInfo {
  if (util.arraysEqual(x.shape, shape)) return backend.share(x);
  return backend.callOne("Reshape", [x], [shape.length, ...shape]);
}

const reshape: TorchKernel = ({ inputs, attrs, backend }) => {
  const x = inputs.x!;
  return reshaped(backend, x, util.inferFromImplicitShape(attrs.shape, util.sizeFromShape(x.shape)));
};

const expandDims: TorchKernel = ({ inputs, attrs, backend }) => {
  const x = inputs.input!;
  const at = attrs.dim < 0 ? x.shape.length + 1 + attrs.dim : attrs.dim;
  return reshaped(backend, x, x.shape.toSpliced(at, 0, 1));
};

const transpose: TorchKernel = ({ inputs, attrs, backend }) =>
  backend.callOne("Transpose", [inputs.x], [attrs.perm.length, ...attrs.perm]);

function sliceOf(backend: TorchBackend, x: TensorInfo, begin: number[], size: number[]): TensorInfo {
  if (util.arraysEqual(x.shape, size)) return backend.share(x);
  return backend.callOne("Slice", [x], [begin.length, ...begin, size.length, ...size]);
}

const slice: TorchKernel = ({ inputs, attrs, backend }) => {
  const x = inputs.x!;
  const [begin, size] = slice_util.parseSliceParams(x, attrs.begin, attrs.size) as [number[], number[]];
  slice_util.assertParamsValid(x, begin, size);
  return sliceOf(backend, x, begin, size);
};

const stridedSlice: TorchKernel = ({ inputs, attrs, backend }) => {
  const x = inputs.x!;
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs;
  const info = slice_util.sliceInfo(
    x.shape,
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
  if (info.isIdentity) return reshaped(backend, x, info.finalShape);
  const lists = [info.begin, info.end, info.strides].flatMap((list) => [list.length, ...list]);
  const sliced = backend.callOne("StridedSlice", [x], lists);
  const result = reshaped(backend, sliced, info.finalShape);
  backend.disposeData(sliced.dataId);
  return result;
};

const split: TorchKernel = ({ inputs, attrs, backend }) => {
  const x = inputs.x!;
  const [axis] = util.parseAxisParam(attrs.axis, x.shape);
  const sizes = backend_util.prepareSplitSize(x as never, attrs.numOrSizeSplits, axis);
  return backend.call("SplitV", [x], [axis!, sizes.length, ...sizes]);
};

const concat: TorchKernel = ({ inputs, attrs, backend }) => {
  const parts = Object.values(inputs);
  const [axis] = util.parseAxisParam(attrs.axis, parts[0]!.shape);
  const shapes = parts.map(({ shape }) => shape);
  backend_util.assertParamsConsistent(shapes, axis!);
  return backend.callOne("Concat", parts, [axis!]);
};

const pack: TorchKernel = ({ inputs, attrs, backend }) => backend.callOne("Pack", Object.values(inputs), [attrs.axis]);

const unpack: TorchKernel = ({ inputs, attrs, backend }) => {
  const x = inputs.value!;
  const [axis] = util.parseAxisParam(attrs.axis, x.shape);
  return backend.call("Unpack", [x], [axis!]);
};

const pad: TorchKernel = ({ inputs, attrs, backend }) => {
  const paddings = attrs.paddings.flat();
  return backend.callOne("PadV2", [inputs.x], [paddings.length, ...paddings], [attrs.constantValue]);
};

/** Source index of each element of a mirrored axis: "reflect" does not repeat the border, "symmetric" does. */
function mirrored(size: number, [before, after]: [number, number], mode: "reflect" | "symmetric"): number[] {
  const skip = mode === "reflect" ? 1 : 0;
  const last = size - 1;
  return Array.from({ length: before + size + after }, (_, i) => {
    const at = i - before;
    if (at < 0) return -at - 1 + skip;
    return at > last ? 2 * last - at + 1 - skip : at;
  });
}

const mirrorPad: TorchKernel = ({ inputs, attrs, backend }) => {
  const x = inputs.x!;
  const lists = x.shape.flatMap((size, axis) => {
    const from = mirrored(size, attrs.paddings[axis], attrs.mode);
    return [from.length, ...from];
  });
  return backend.callOne("MirrorPad", [x], lists);
};

const reverse: TorchKernel = ({ inputs, attrs, backend }) => {
  const x = inputs.x!;
  const axes = util.parseAxisParam(attrs.dims, x.shape);
  return backend.callOne("Reverse", [x], [axes.length, ...axes]);
};

export const moveKernels: Record<string, TorchKernel> = {
  BroadcastTo: ({ inputs, attrs, backend }) =>
    backend.callOne("BroadcastTo", [inputs.x], [attrs.shape.length, ...attrs.shape]),
  Concat: concat,
  ExpandDims: expandDims,
  Identity: ({ inputs, backend }) => backend.share(inputs.x!),
  MirrorPad: mirrorPad,
  Pack: pack,
  PadV2: pad,
  Reshape: reshape,
  Reverse: reverse,
  Slice: slice,
  SplitV: split,
  StridedSlice: stridedSlice,
  Tile: ({ inputs, attrs, backend }) => backend.callOne("Tile", [inputs.x], [attrs.reps.length, ...attrs.reps]),
  Transpose: transpose,
  Unpack: unpack,
};
