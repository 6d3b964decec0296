import type { Comparison, Difference } from "./compare-pairs.ts";
import type { Interval } from "./interval.ts";

/** Sign of a difference by its interval; "none": the interval includes 0, so no difference is shown. */
export type Direction = "higher" | "lower" | "none";

/**
 * Conclusion from a comparison of pairs. Besides the direction by the 95 % interval (Student's t):
 * "same": every pair is equal; "unknown": fewer than three pairs or clusters; "hint": only the 90 % interval excludes 0.
 */
export type Verdict = Direction | "hint" | "same" | "unknown";

/** "higher" if the interval of a difference lies above 0, "lower" if below, else "none". */
export const directionOf = ({ low, high }: Interval): Direction => (low > 0 ? "higher" : high < 0 ? "lower" : "none");

/** The verdict on a comparison of pairs; where pairs share clusters, the weaker of those over pairs and over clusters. */
export function verdictOf(comparison: Comparison): Verdict {
  const { n, mean, equal, byCluster } = comparison;
  if (equal === n) return "same";
  const overPairs = verdictOn(comparison);
  if (byCluster.n === n) return overPairs;
  const overClusters = verdictOn(byCluster);
  const weaker = strength[overClusters] < strength[overPairs] ? overClusters : overPairs;
  return weaker !== "unknown" && mean * byCluster.mean < 0 ? "none" : weaker;
}

const strength: Record<Verdict, number> = { unknown: 0, same: 1, none: 1, hint: 2, higher: 3, lower: 3 };

function verdictOn({ n, low, high, p }: Difference): Exclude<Verdict, "same"> {
  if (n < 3 || p === null || low === null || high === null) return "unknown";
  const direction = directionOf({ low, high });
  return direction === "none" && p < 0.1 ? "hint" : direction;
}
