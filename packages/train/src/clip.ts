import { dispose, mul, tidy } from "@tensorflow/tfjs-core";
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
 * Scales all gradients by min(1, maxNorm / (norm + 1e-6)), norm = sqrt(sum of squares over all gradients).
 *
 * @param grads - Consumed: use the returned ones instead.
 * @param maxNorm - Infinity measures without clipping.
 * @returns `grads`, owned by the caller, and their `norm` before clipping.
 * @throws {NonFiniteGradientError} If the norm is NaN or infinite; `grads` are disposed of.
 * @see pytorch/pytorch v2.9.0 torch/nn/utils/clip_grad.py `clip_grad_norm_`
 */
export function clipByGlobalNorm(grads: Gradients, maxNorm: number): { grads: Gradients; norm: number } {
  const names = Object.keys(grads);
  if (names.length === 0) return { grads, norm: 0 };
  const norm = tidy(() => globalNorm(Object.values(grads)).dataSync()[0]!);
  if (!Number.isFinite(norm)) {
    const broken = names.filter((name) => !Number.isFinite(tidy(() => globalNorm([grads[name]!]).dataSync()[0]!)));
    dispose(grads);
    throw new NonFiniteGradientError(norm, broken);
  }
  const coefficient = maxNorm / (norm + 1e-6);
  if (coefficient >= 1) return { grads, norm };
  const scaled = Object.fromEntries(names.map((name) => [name, mul(grads[name]!, coefficient)]));
  dispose(grads);
  return { grads: scaled, norm };
}
