import { holm, verdictOf } from "@videor1/statistics";
import type { ComparisonResult } from "./compare-arms.ts";
import type { MetricName } from "./metrics.ts";

/** How many comparisons of one measure were judged, and with what outcome. */
export interface Cells {
  /** Cells of three or more pairs. */
  judged: number;
  /** Of these, called higher or lower, and called a hint. */
  differ: number;
  hints: number;
  /** The number that would be called higher or lower if all arms were equal: at most one in twenty. */
  byChance: number;
}

/** Counts the cells of a page: every comparison of arms in every measure. */
export function countCells(comparisons: readonly Pick<ComparisonResult, "comparisons">[]): Cells {
  const verdicts = comparisons
    .flatMap(({ comparisons }) => Object.values(comparisons).map(verdictOf))
    .filter((verdict) => verdict !== "unknown");
  return {
    judged: verdicts.length,
    differ: verdicts.filter((verdict) => verdict === "higher" || verdict === "lower").length,
    hints: verdicts.filter((verdict) => verdict === "hint").length,
    byChance: verdicts.length / 20,
  };
}

/** The p value of a comparison, alone and corrected by Holm for all comparisons of the measure. */
export interface PValues {
  p: number;
  corrected: number;
}

/**
 * The p values of one measure: over pairs, or over SFT models where that is larger; null where fewer than three of either
 * are there, and these do not count in the correction.
 */
export function pValues(
  comparisons: readonly Pick<ComparisonResult, "comparisons">[],
  name: MetricName,
): (PValues | null)[] {
  const ps = comparisons.map(({ comparisons }) => {
    const comparison = comparisons[name];
    if (!comparison || verdictOf(comparison) === "unknown") return null;
    return Math.max(comparison.p ?? 1, comparison.byCluster.p ?? 1);
  });
  const corrected = holm(ps.filter((p) => p !== null));
  let next = 0;
  return ps.map((p) => (p === null ? null : { p, corrected: corrected[next++]! }));
}
