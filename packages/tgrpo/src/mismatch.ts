import { largestLogRatio, weightBounds } from "./importance-weights.ts";
import type { Metrics } from "./metrics.ts";
import type { ImportanceSamplingOptions } from "./options.ts";

/** How far sampler and trainer are apart on some rollouts, as sums that add up over the parts of a batch. */
export interface Mismatch {
  /** Tokens whose log-probability the sampler gave. */
  tokens: number;
  /** Of |trainer's logp - sampler's| over them, in nats. */
  differenceSum: number;
  differenceMax: number;
  /** Of the k3 estimates of KL(sampler || trainer), in nats. */
  klSum: number;
  /** Weights: one for a token, or for an answer under the modes `sequence_*`. */
  weights: number;
  weightSum: number;
  weightSquares: number;
  weightMin: number;
  weightMax: number;
  /** Weights that a bound cut. */
  cut: number;
}

/** One rollout's log-probabilities by both. */
export interface ComparedLogps {
  /** [C] of the policy that is trained, before the step's first update, in nats. */
  trainer: ArrayLike<number>;
  /** [C] of the sampler; NaN where unknown. */
  sampler: ArrayLike<number>;
}

/** The mismatch of some rollouts; undefined where no log-probability is known. */
export function measureMismatch(
  rollouts: readonly ComparedLogps[],
  { mode = "none", ...bounds }: Partial<ImportanceSamplingOptions>,
): Mismatch | undefined {
  const differences = rollouts.map(
    ({ trainer, sampler }) => Array.from(sampler, (logp, t) => trainer[t]! - logp), // NaN where unknown
  );
  const known = differences.flat().filter((difference) => !Number.isNaN(difference));
  if (known.length === 0) return undefined;
  const isOfSequence = mode.startsWith("sequence");
  const knownOrZero = (difference: number) => (Number.isNaN(difference) ? 0 : difference);
  const logRatios = differences.flatMap((row) => (isOfSequence ? [sumOf(row.map(knownOrZero))] : row.map(knownOrZero)));
  const [low, high] = mode === "none" ? weightBounds({}) : weightBounds(bounds);
  const ratios = logRatios.map((x) => Math.exp(Math.min(largestLogRatio, Math.max(-largestLogRatio, x))));
  const isCut = (ratio: number) => ratio < low || ratio > high;
  const weights = ratios.map((ratio) => {
    if (!isCut(ratio)) return ratio;
    return mode.endsWith("mask") ? 0 : Math.min(high, Math.max(low, ratio));
  });
  return {
    tokens: known.length,
    differenceSum: sumOf(known.map(Math.abs)),
    differenceMax: known.reduce((most, difference) => Math.max(most, Math.abs(difference)), 0),
    klSum: sumOf(known.map((difference) => Math.expm1(difference) - difference)),
    weights: weights.length,
    weightSum: sumOf(weights),
    weightSquares: sumOf(weights.map((weight) => weight * weight)),
    weightMin: weights.reduce((least, weight) => Math.min(least, weight), Number.POSITIVE_INFINITY),
    weightMax: weights.reduce((most, weight) => Math.max(most, weight), 0),
    cut: ratios.filter(isCut).length,
  };
}

/** The metrics of a step from the mismatches of its parts, in their order; none where nothing is known. */
export function mismatchMetrics(parts: readonly Mismatch[]): Metrics {
  if (parts.length === 0) return {};
  const total = (name: keyof Mismatch) => sumOf(parts.map((part) => part[name]));
  const [tokens, weights] = [total("tokens"), total("weights")];
  const squares = total("weightSquares");
  return {
    "sampling/samplingLogpDifference/mean": total("differenceSum") / tokens,
    "sampling/samplingLogpDifference/max": Math.max(...parts.map(({ differenceMax }) => differenceMax)),
    "sampling/importanceSamplingRatio/min": Math.min(...parts.map(({ weightMin }) => weightMin)),
    "sampling/importanceSamplingRatio/mean": total("weightSum") / weights,
    "sampling/importanceSamplingRatio/max": Math.max(...parts.map(({ weightMax }) => weightMax)),
    "sampling/cutShare": total("cut") / weights,
    "sampling/effectiveSampleSize": squares > 0 ? total("weightSum") ** 2 / (weights * squares) : 0,
    "sampling/kl": total("klSum") / tokens,
  };
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
