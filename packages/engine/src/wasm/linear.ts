import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { kernels, makeOutput, ptr, scratch } from "./module.ts";
import type { KernelCall } from "./override.ts";

export function linear({ inputs }: KernelCall): TensorInfo {
  const { x, weight, bias } = inputs as { x: TensorInfo; weight: TensorInfo; bias?: TensorInfo };
  const [outSize, inSize] = weight.shape as [number, number];
  const leading = x.shape.slice(0, -1);
  const out = makeOutput([...leading, outSize], "float32");
  const packed = scratch(kernels().gemmScratch(inSize, outSize));
  const biasAt = bias ? ptr(bias) : 0;
  const rows = util.sizeFromShape(leading);
  kernels().gemm(ptr(x), ptr(weight), biasAt, ptr(out), rows, inSize, outSize, false, true, packed);
  return out;
}
