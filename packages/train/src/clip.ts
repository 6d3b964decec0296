import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import { globalNorm } from "@videor1/engine";
import type { Gradients } from "./gradients.ts";

/** A gradient holds NaN or infinity, so no update can be made of it. */
export class NonFiniteGradientError extends Error {
  override readonly name = "NonFiniteGradientError";
  readonly code = "NON_FINITE_GRADIENT";
  readonly norm: number;
  /** Names of the parameters whose gradient has no finite norm. */
  readonly parameters: readonly string[];
  readonly hint = "Skip this update, or lower the learning rate; look at the batch if it happens again.";

  constructor(norm: number, parameters: readonly string[]) {
    const named = parameters.slice(0, 5).join(", ") + (parameters.length > 5 ? ", ..." : "");
    super(`The gradient norm is ${norm}; ${parameters.length} parameters are affected: ${named}`);
    this.norm = norm;
    this.parameters = parameters;
  }
}

/**
 * factor = scale * min(1, maxNorm / (norm + 1e-6)) with norm = scale * sqrt(sum of squares over all gradients): torch's
 * clipping of scale * gradients. The gradients stay as they are.
 *
 * @param maxNorm - Infinity measures without clipping.
 * @throws {NonFiniteGradientError} If the norm is NaN or infinite.
 * @see pytorch/pytorch v2.9.0 torch/nn/utils/clip_grad.py `clip_grad_norm_`
 */
export function clipFactor(grads: Readonly<Gradients>, maxNorm: number, scale = 1): { factor: number; norm: number } {
  const names = Object.keys(grads);
  if (names.length === 0) return { factor: scale, norm: 0 };
  const normOf = (tensors: Tensor[]) => scale * tidy(() => globalNorm(tensors).dataSync()[0]!);
  const norm = normOf(Object.values(grads));
  if (!Number.isFinite(norm)) {
    throw new NonFiniteGradientError(
      norm,
      names.filter((name) => !Number.isFinite(normOf([grads[name]!]))),
    );
  }
  return checkedFactor(norm, maxNorm, scale);
}

/** The factor of a finite norm. */
export const checkedFactor = (norm: number, maxNorm: number, scale: number) => ({
  factor: scale * Math.min(1, maxNorm / (norm + 1e-6)),
  norm,
});
