import { mul, sigmoid, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { hasKernel, runKernel } from "../fused.ts";

/**
 * y = silu(gate) * up = gate * sigmoid(gate) * up.
 *
 * @param gate - Any shape.
 * @param up - The shape of gate.
 * @see arXiv:2002.05202 eq. 6
 */
export function swiglu<T extends Tensor>(gate: T, up: T): T {
  return hasKernel("Swiglu") ? runKernel<T>("Swiglu", { gate, up }) : compositeSwiglu(gate, up);
}

/** `swiglu` from tfjs ops. */
export function compositeSwiglu<T extends Tensor>(gate: T, up: T): T {
  return tidy(() => mul(mul(gate, sigmoid(gate)), up));
}
