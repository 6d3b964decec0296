import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { kernels, makeOutput, ptr } from "./module.ts";
import type { KernelCall } from "./override.ts";

/** out[s, ...] = sum of the x[i, ...] with segmentIds[i] = s. tfjs' wasm backend has no such kernel (gradient of gather). */
export function unsortedSegmentSum({ inputs, attrs }: KernelCall): TensorInfo {
  const { x, segmentIds } = inputs as Record<"x" | "segmentIds", TensorInfo>;
  const segments = attrs.numSegments as number;
  const rowShape = x.shape.slice(segmentIds.shape.length);
  const rows = util.sizeFromShape(segmentIds.shape);
  const out = makeOutput([segments, ...rowShape], x.dtype);
  kernels().segmentSum(ptr(x), ptr(segmentIds), rows, util.sizeFromShape(rowShape), segments, ptr(out));
  return out;
}
