import { type KernelConfig, type TensorInfo, UnsortedSegmentSum, util } from "@tensorflow/tfjs-core";
import { kernels, makeOutput, ptr } from "./module.ts";

/** out[s, ...] = sum of the x[i, ...] with segmentIds[i] = s. tfjs' wasm backend has no such kernel (gradient of gather). */
export const unsortedSegmentSum: KernelConfig = {
  kernelName: UnsortedSegmentSum,
  backendName: "wasm",
  kernelFunc({ inputs, attrs }) {
    const { x, segmentIds } = inputs as Record<"x" | "segmentIds", TensorInfo>;
    const { numSegments } = attrs as { numSegments: number };
    const idRank = segmentIds.shape.length;
    const rows = util.sizeFromShape(segmentIds.shape);
    const width = util.sizeFromShape(x.shape.slice(idRank));
    const out = makeOutput([numSegments, ...x.shape.slice(idRank)], x.dtype);
    kernels().segmentSum(ptr(x), ptr(segmentIds), rows, width, numSegments, ptr(out));
    return out;
  },
};
