// Kernels that write into their inputs. Only parameters, optimizer state and caches may be such inputs, and only
// when no other tensor shares their data, which the ops ensure.
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { kernels, ptr } from "./module.ts";
import type { KernelCall } from "./override.ts";

/** No output: param, m and v change. */
export function adamwUpdate({ inputs, attrs }: KernelCall): TensorInfo[] {
  const { param, grad, m, v } = inputs as Record<"param" | "grad" | "m" | "v", TensorInfo>;
  const { learningRate, beta1, beta2, eps, weightDecay, step, factor } = attrs as Record<string, number>;
  const decay = 1 - learningRate! * weightDecay!;
  const rate = learningRate! / (1 - beta1! ** step!);
  const root = Math.sqrt(1 - beta2! ** step!);
  const size = util.sizeFromShape(param.shape);
  const moments = [1 - beta1!, beta2!, 1 - beta2!] as const;
  kernels().adamwUpdate(ptr(param), ptr(grad), ptr(m), ptr(v), size, ...moments, decay, rate, root, eps!, factor!);
  return [];
}

/** No output: total += x. */
export function addInPlace({ inputs }: KernelCall): TensorInfo[] {
  const { total, x } = inputs as Record<"total" | "x", TensorInfo>;
  kernels().addInPlace(ptr(total), ptr(x), util.sizeFromShape(x.shape));
  return [];
}

/** No output: cache[:, position : position + T] = x. */
export function cacheWrite({ inputs, attrs }: KernelCall): TensorInfo[] {
  const { cache, x } = inputs as Record<"cache" | "x", TensorInfo>;
  const [R, T, K, H] = x.shape as [number, number, number, number];
  const token = 4 * K * H;
  const to = ptr(cache) + (attrs.position as number) * token;
  kernels().copyRows(ptr(x), T * token, to, cache.shape[1]! * token, T * token, R);
  return [];
}
