import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { heapFloats, kernels, makeOutput, ptr } from "./module.ts";
import type { KernelCall } from "./override.ts";

/** sqrt of the sum of squares of all inputs, added up in float64. */
export function globalNorm({ inputs }: KernelCall): TensorInfo {
  const infos = Object.values(inputs) as TensorInfo[];
  const total = infos.reduce((sum, x) => sum + kernels().sumOfSquares(ptr(x), util.sizeFromShape(x.shape)), 0);
  const norm = makeOutput([], "float32");
  heapFloats(norm)[0] = Math.sqrt(total);
  return norm;
}
