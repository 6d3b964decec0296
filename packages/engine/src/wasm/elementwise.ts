import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { kernels, makeOutput, ptr } from "./module.ts";
import type { KernelCall } from "./override.ts";

const like = (x: TensorInfo): TensorInfo => makeOutput(x.shape, "float32");

export function swiglu({ inputs }: KernelCall): TensorInfo {
  const { gate, up } = inputs as Record<"gate" | "up", TensorInfo>;
  const y = like(gate);
  kernels().swiglu(ptr(gate), ptr(up), util.sizeFromShape(gate.shape), ptr(y));
  return y;
}

/** [dgate, dup] */
export function swigluGrad({ inputs }: KernelCall): TensorInfo[] {
  const { gate, up, dy } = inputs as Record<"gate" | "up" | "dy", TensorInfo>;
  const [dgate, dup] = [like(gate), like(up)];
  kernels().swigluGrad(ptr(gate), ptr(up), ptr(dy), util.sizeFromShape(gate.shape), ptr(dgate), ptr(dup));
  return [dgate, dup];
}

export function gelu({ inputs }: KernelCall): TensorInfo {
  const { x } = inputs as { x: TensorInfo };
  const y = like(x);
  kernels().gelu(ptr(x), util.sizeFromShape(x.shape), ptr(y));
  return y;
}

export function geluGrad({ inputs }: KernelCall): TensorInfo {
  const { x, dy } = inputs as Record<"x" | "dy", TensorInfo>;
  const dx = like(x);
  kernels().geluGrad(ptr(x), ptr(dy), util.sizeFromShape(x.shape), ptr(dx));
  return dx;
}
