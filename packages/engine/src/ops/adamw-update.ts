import { add, div, maximum, mul, sqrt, square, sub, type Tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import { engineRefCount, hasKernel, runKernel, unshare } from "../fused.ts";
import type { SplitVariable } from "../split-float32.ts";
import { type CodedMoment, decodeMoment, encodeMoment, leastValues } from "./coded-moment.ts";

export interface AdamWStep {
  learningRate: number;
  beta1: number;
  beta2: number;
  eps: number;
  /** Decoupled: the parameter shrinks by learningRate * weightDecay before the update. */
  weightDecay: number;
  /** 1 at the first update: the exponent of the bias corrections. */
  step: number;
  /** The gradient is multiplied by it first, in float32; default 1. */
  factor?: number;
  /**
   * On torch: gradient, moments and remainder are of a flat slice of the weight, which begins at this element; it alone changes.
   * Default: they are of all of it.
   */
  first?: number;
}

/** A moment in float32, or in codes of 8 bits. */
export type Moment = Variable | CodedMoment;

/**
 * One AdamW update of `param`, its first moment `m` and second moment `v`, in place:
 * m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
 * p = p (1 - lr wd) - lr / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + eps).
 * All of it in float32, whatever `param`, `grad` and the moments are stored as; the update uses the moments before they are
 * coded. Where v is in codes it is b2 `leastShare` absmax at least.
 *
 * @throws {RangeError} If step < 1, the shapes differ, or one moment alone is in codes.
 * @see arXiv:1711.05101 algorithm 2; torch.optim.AdamW; for moments in codes arXiv:2110.02861
 */
export function adamwUpdate(
  param: Variable | SplitVariable,
  grad: Tensor,
  m: Moment,
  v: Moment,
  options: AdamWStep,
): void {
  if (!(options.step >= 1)) throw new RangeError(`adamwUpdate: step=${options.step} must be at least 1`);
  const weight = "remainder" in param ? param.weight : param;
  const [first, second] = [m, v].map((moment) => ("codes" in moment ? moment.codes : moment)) as [Variable, Variable];
  const { first: begin } = options;
  const isWithin = begin === undefined || begin + grad.size <= weight.size;
  const same = begin === undefined ? [weight, grad, first, second] : [grad, first, second];
  if (!isWithin || new Set(same.map((x) => String(x.shape))).size !== 1) {
    throw new RangeError(
      `adamwUpdate: param [${weight.shape}], grad [${grad.shape}], m [${first.shape}], v [${second.shape}] must have one shape${begin === undefined ? "" : `, those of a slice from ${begin} on within the param`}`,
    );
  }
  const attrs = { factor: 1, first: 0, ...options };
  const split = "remainder" in param ? { remainder: own(param.remainder, "remainder") } : {};
  unshare(weight);
  if ("codes" in m && "codes" in v) {
    if (hasKernel("AdamwCodedUpdate")) {
      const absmax = { mAbsmax: own(m.absmax, "m"), vAbsmax: own(v.absmax, "v") };
      const codes = { m: own(m.codes, "m"), v: own(v.codes, "v") };
      runKernel("AdamwCodedUpdate", { param: weight, ...split, grad, ...codes, ...absmax }, attrs);
    } else updateDecoded(weight, grad, m, v, attrs);
  } else if ("codes" in m || "codes" in v) {
    throw new RangeError("adamwUpdate: m and v must both be in codes, or neither");
  } else if (hasKernel("AdamwUpdate")) {
    for (const moment of [m, v]) unshare(moment);
    runKernel("AdamwUpdate", { param: weight, ...split, grad, m, v }, attrs);
  } else compositeAdamwUpdate(weight, grad, m, v, attrs);
}

/** What is no float tensor to other ops, and so cannot be copied by one, has one owner. */
function own(variable: Variable, what: string): Variable {
  if (engineRefCount(variable) !== 1)
    throw new RangeError(`adamwUpdate: the ${what} shares its data with another tensor`);
  return variable;
}

/** Moments in codes, on a backend without a kernel for them: coded and decoded in JavaScript's memory. */
function updateDecoded(param: Variable, grad: Tensor, m: CodedMoment, v: CodedMoment, options: AdamWStep): void {
  const [first, second] = [decodeMoment(m), decodeMoment(v)];
  const least = leastValues(v, options.beta2);
  try {
    compositeAdamwUpdate(param, grad, first, second, options, least);
    encodeMoment(m, first);
    encodeMoment(v, second);
  } finally {
    for (const x of [first, second, least]) x.dispose();
  }
}

/** `adamwUpdate` from tfjs ops. @param least - v becomes that much at least; default 0. */
export function compositeAdamwUpdate(
  param: Variable,
  grad: Tensor,
  m: Variable,
  v: Variable,
  { learningRate, beta1, beta2, eps, weightDecay, step, factor = 1 }: AdamWStep,
  least?: Tensor,
): void {
  tidy(() => {
    const g = factor === 1 ? grad : mul(grad, factor);
    m.assign(add(mul(m, beta1), mul(g, 1 - beta1)));
    const second = add(mul(v, beta2), mul(square(g), 1 - beta2));
    v.assign(least ? maximum(second, least) : second);
    const denominator = add(div(sqrt(v), Math.sqrt(1 - beta2 ** step)), eps);
    const update = mul(div(m, denominator), learningRate / (1 - beta1 ** step));
    param.assign(sub(mul(param, 1 - learningRate * weightDecay), update));
  });
}
