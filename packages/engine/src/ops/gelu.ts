import { add, erf, mul, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { hasKernel, runKernel } from "../fused.ts";

/**
 * y = x P(Z <= x) = x / 2 (1 + erf(x / sqrt 2)), the exact form, not the tanh approximation.
 *
 * @param x - Any shape.
 * @see arXiv:1606.08415 eq. 1; huggingface/transformers v5.12.1 modeling_qwen2_5_vl.py `Qwen2_5_VLPatchMerger` (nn.GELU)
 */
export function gelu<T extends Tensor>(x: T): T {
  return hasKernel("Gelu") ? runKernel<T>("Gelu", { x }) : compositeGelu(x);
}

/** `gelu` from tfjs ops; their erf is good to 1.5e-7. */
export function compositeGelu<T extends Tensor>(x: T): T {
  return tidy(() => mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1)));
}
