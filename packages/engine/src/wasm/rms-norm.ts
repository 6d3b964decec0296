import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { kernels, makeOutput, ptr, scratch } from "./module.ts";
import type { KernelCall } from "./override.ts";

const sizes = (x: TensorInfo): [rows: number, d: number] => {
  const d = x.shape.at(-1)!;
  return [util.sizeFromShape(x.shape) / d, d];
};

export function rmsNorm({ inputs, attrs }: KernelCall): TensorInfo {
  const { x, weight } = inputs as Record<"x" | "weight", TensorInfo>;
  const y = makeOutput(x.shape, "float32");
  kernels().rmsNorm(ptr(x), ptr(weight), ...sizes(x), attrs.eps as number, ptr(y));
  return y;
}

/** [dx, dweight] */
export function rmsNormGrad({ inputs, attrs }: KernelCall): TensorInfo[] {
  const { x, weight, dy } = inputs as Record<"x" | "weight" | "dy", TensorInfo>;
  const [dx, dweight] = [makeOutput(x.shape, "float32"), makeOutput(weight.shape, "float32")];
  const [rows, d] = sizes(x);
  const partial = scratch(4 * d);
  kernels().rmsNormGrad(ptr(x), ptr(weight), ptr(dy), rows, d, attrs.eps as number, ptr(dx), ptr(dweight), partial);
  return [dx, dweight];
}
