import type { RlConfig } from "../config.ts";

/** Between the log-probabilities of two computations of the same tokens, in nats. */
export interface LogpDifference {
  max: number;
  mean: number;
}

/** Infinite where the lengths differ, NaN where a value is. */
export function logpDifference(a: ArrayLike<number>, b: ArrayLike<number>): LogpDifference {
  if (a.length !== b.length || a.length === 0) return { max: Number.POSITIVE_INFINITY, mean: Number.POSITIVE_INFINITY };
  const distances = Array.from(a, (value, i) => Math.abs(value - b[i]!));
  const sum = distances.reduce((total, distance) => total + distance, 0);
  return { max: Math.max(...distances), mean: sum / distances.length };
}

export const isWithin = ({ max, mean }: LogpDifference, bounds: LogpDifference): boolean =>
  max <= bounds.max && mean <= bounds.mean;

/**
 * What server and policy may differ by. float32: two engines round otherwise (measured 3e-5 to 1.1e-4). bfloat16: far more
 * (measured on a chaotic small model: 0.34 to 0.59 of a token, 0.08 to 0.10 in the mean), which a wrong rate exceeds by several
 * nats.
 */
export function differenceBounds({ dtype, rollout }: Pick<RlConfig, "dtype" | "rollout">): LogpDifference {
  const { maxDifference, meanDifference } = rollout.server?.check ?? {};
  const [max, mean] = dtype === "bfloat16" ? [1, 0.15] : [2e-4, 1e-4];
  return { max: maxDifference ?? max, mean: meanDifference ?? mean };
}

export const differenceText = ({ max, mean }: LogpDifference): string =>
  `${max.toPrecision(2)} at most, ${mean.toPrecision(2)} in the mean`;
