import type { Comparison } from "./compare-pairs.ts";
import type { Interval } from "./interval.ts";

/** Sign of a difference by its interval; "none": the interval includes 0, so no difference is shown. */
export type Direction = "higher" | "lower" | "none";

/**
 * Conclusion from a comparison of pairs. Besides the direction:
 * "same": every pair is equal; "unknown": fewer than three pairs; "hint": the difference is beyond two standard errors, but
 * its interval includes 0.
 */
export type Verdict = Direction | "hint" | "same" | "unknown";

/** "higher" if the interval of a difference lies above 0, "lower" if below, else "none". */
export const directionOf = ({ low, high }: Interval): Direction => (low > 0 ? "higher" : high < 0 ? "lower" : "none");

/** The verdict on a comparison of pairs; within two standard errors it is "none", whatever the interval. */
export function verdictOf({ n, mean, se, low, high, equal }: Omit<Comparison, "byCluster">): Verdict {
  if (equal === n) return "same";
  if (n < 3 || se === null || low === null || high === null) return "unknown";
  if (Math.abs(mean) < 2 * se) return "none";
  const direction = directionOf({ low, high });
  return direction === "none" ? "hint" : direction;
}
