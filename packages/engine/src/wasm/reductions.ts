// tfjs' own sums transpose the input first unless the summed axes are the last.
import { backend_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { kernels, makeOutput, ptr } from "./module.ts";
import type { Override } from "./override.ts";

/** Sum over neighbouring axes, times `scaleOf(how many were added)`. */
const reduction =
  (scaleOf: (count: number) => number): Override =>
  ({ inputs, attrs }) => {
    const { x } = inputs as { x: TensorInfo };
    const { axis, keepDims } = attrs as { axis: number | number[]; keepDims: boolean };
    const axes = util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
    const first = axes[0] ?? 0;
    const areNeighbours = axes.every((along, i) => along === first + i);
    if (x.dtype !== "float32" || !areNeighbours || axes.length === 0) return undefined;
    const [outShape, reduced] = backend_util.computeOutAndReduceShapes(x.shape, axes);
    const out = makeOutput(keepDims ? backend_util.expandShapeToKeepDim(outShape, axes) : outShape, "float32");
    const count = util.sizeFromShape(reduced);
    const outer = util.sizeFromShape(x.shape.slice(0, first));
    const inner = util.sizeFromShape(x.shape.slice(first + axes.length));
    kernels().reduceSum(ptr(x), outer, count, inner, scaleOf(count), ptr(out));
    return out;
  };

export const sum = reduction(() => 1);
export const mean = reduction((count) => 1 / count);
