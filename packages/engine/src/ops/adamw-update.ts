import { add, div, mul, sqrt, square, sub, type Tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import { hasKernel, runKernel, unshare } from "../fused.ts";

export interface AdamWStep {
  learningRate: number;
  beta1: number;
  beta2: number;
  eps: number;
  /** Decoupled: the parameter shrinks by learningRate * weightDecay before the update. */
  weightDecay: number;
  /** 1 at the first update: the exponent of the bias corrections. */
  step: number;
}

/**
 * One AdamW update of `param`, its first moment `m` and second moment `v`:
 * m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
 * p = p (1 - lr wd) - lr / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + eps).
 *
 * @throws {RangeError} If step < 1, or the shapes differ.
 * @see arXiv:1711.05101 algorithm 2; torch.optim.AdamW
 */
export function adamwUpdate(param: Variable, grad: Tensor, m: Variable, v: Variable, options: AdamWStep): void {
  if (!(options.step >= 1)) throw new RangeError(`adamwUpdate: step=${options.step} must be at least 1`);
  if (new Set([param, grad, m, v].map((x) => String(x.shape))).size !== 1) {
    throw new RangeError(
      `adamwUpdate: param [${param.shape}], grad [${grad.shape}], m [${m.shape}], v [${v.shape}] must have one shape`,
    );
  }
  if (hasKernel("AdamwUpdate")) {
    for (const variable of [param, m, v]) unshare(variable);
    runKernel("AdamwUpdate", { param, grad, m, v }, { ...options });
  } else compositeAdamwUpdate(param, grad, m, v, options);
}

/** `adamwUpdate` from tfjs ops. */
export function compositeAdamwUpdate(
  param: Variable,
  grad: Tensor,
  m: Variable,
  v: Variable,
  { learningRate, beta1, beta2, eps, weightDecay, step }: AdamWStep,
): void {
  tidy(() => {
    m.assign(add(mul(m, beta1), mul(grad, 1 - beta1)));
    v.assign(add(mul(v, beta2), mul(square(grad), 1 - beta2)));
    const denominator = add(div(sqrt(v), Math.sqrt(1 - beta2 ** step)), eps);
    const update = mul(div(m, denominator), learningRate / (1 - beta1 ** step));
    param.assign(sub(mul(param, 1 - learningRate * weightDecay), update));
  });
}
