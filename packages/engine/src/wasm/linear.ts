// Shape letters: T rows of all leading axes.
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { kernels, makeOutput, ptr, scratch } from "./module.ts";
import type { KernelCall } from "./override.ts";

const rowsOf = (x: TensorInfo): number => util.sizeFromShape(x.shape.slice(0, -1));

/** y = x W^T + bias. */
export function linear({ inputs }: KernelCall): TensorInfo {
  const { x, weight, bias } = inputs as { x: TensorInfo; weight: TensorInfo; bias?: TensorInfo };
  const [outSize, inSize] = weight.shape as [number, number];
  const out = makeOutput([...x.shape.slice(0, -1), outSize], "float32");
  const packed = scratch(kernels().gemmScratch(inSize, outSize));
  const biasAt = bias ? ptr(bias) : 0;
  kernels().gemm(ptr(x), ptr(weight), biasAt, ptr(out), rowsOf(x), inSize, outSize, false, true, packed);
  return out;
}

/** dx = dy W. */
export function linearGradInput({ inputs }: KernelCall): TensorInfo {
  const { dy, weight } = inputs as Record<"dy" | "weight", TensorInfo>;
  const [outSize, inSize] = weight.shape as [number, number];
  const dx = makeOutput([...dy.shape.slice(0, -1), inSize], "float32");
  const packed = scratch(kernels().gemmScratch(outSize, inSize));
  kernels().gemm(ptr(dy), ptr(weight), 0, ptr(dx), rowsOf(dy), outSize, inSize, false, false, packed);
  return dx;
}

/** dW = dy^T x. */
export function linearGradWeight({ inputs }: KernelCall): TensorInfo {
  const { dy, x } = inputs as Record<"dy" | "x", TensorInfo>;
  const [T, outSize, inSize] = [rowsOf(x), dy.shape.at(-1)!, x.shape.at(-1)!];
  const dweight = makeOutput([outSize, inSize], "float32");
  const packed = scratch(kernels().gemmScratch(T, inSize));
  kernels().gemm(ptr(dy), ptr(x), 0, ptr(dweight), outSize, T, inSize, true, false, packed);
  return dweight;
}
