import { add, mean, mul, rsqrt, square, type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { hasKernel, runKernel } from "../fused.ts";

/**
 * y = x / sqrt(mean(x^2) + eps) * weight, over the last axis.
 *
 * @param x - [..., d].
 * @param weight - [d].
 * @returns The shape of x.
 * @see arXiv:1910.07467 eq. 4; huggingface/transformers v5.12.1 modeling_qwen2_5_vl.py `Qwen2_5_VLRMSNorm`
 */
export function rmsNorm<T extends Tensor>(x: T, weight: Tensor1D, eps: number): T {
  return hasKernel("RmsNorm") ? runKernel<T>("RmsNorm", { x, weight }, { eps }) : compositeRmsNorm(x, weight, eps);
}

/** `rmsNorm` from tfjs ops. */
export function compositeRmsNorm<T extends Tensor>(x: T, weight: Tensor1D, eps: number): T {
  return tidy(() => mul(mul(x, rsqrt(add(mean(square(x), -1, true), eps))), weight));
}
