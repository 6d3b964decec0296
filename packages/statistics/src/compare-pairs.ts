import { groupBy } from "./group-by.ts";
import type { Estimate } from "./interval.ts";
import { mean } from "./mean.ts";
import { sampleOf, standardError } from "./sample.ts";
import { tTwoSided } from "./student-t.ts";

/** The values of two arms on one pair of runs. */
export interface PairedValues {
  /** Pairs with the same cluster are not independent of one another, e.g. because they start from one model. */
  cluster: number;
  before: number;
  after: number;
}

/** Mean of n differences after - before, with its 95 % interval by Student's t. */
export interface Difference extends Estimate<number | null> {
  /** Standard error, sd / √n; null for a single difference. */
  se: number | null;
  /** P(|T| >= |mean / se|), T Student's t with n - 1 degrees of freedom; null for a single difference. */
  p: number | null;
  /** Number of differences above 0. */
  higher: number;
}

/** The differences of pairs of runs. */
export interface Comparison extends Difference {
  /** Pairs on which `after` is lower, and equal. */
  lower: number;
  equal: number;
  /** The same with the mean of each cluster's pairs as one difference. */
  byCluster: Difference;
}

/** Differences up to here are rounding. */
const smallest = 1e-9;

/** Compares two arms on the pairs that both have; null if there is none. */
export function comparePairs(pairs: readonly PairedValues[]): Comparison | null {
  if (pairs.length === 0) return null;
  const differences = pairs.map(({ before, after }) => after - before);
  const clusters = groupBy(pairs, ({ cluster }) => cluster);
  const means = [...clusters.values()].map((ofCluster) => mean(ofCluster.map(({ before, after }) => after - before)));
  return {
    ...differenceOf(differences),
    lower: differences.filter((d) => d < -smallest).length,
    equal: differences.filter((d) => Math.abs(d) <= smallest).length,
    byCluster: differenceOf(means),
  };
}

function differenceOf(differences: readonly number[]): Difference {
  const sample = sampleOf(differences)!;
  const { n, mean, low, high } = sample;
  const se = standardError(sample);
  return { n, mean, low, high, se, p: pValue(n, mean, se), higher: differences.filter((d) => d > smallest).length };
}

function pValue(n: number, mean: number, se: number | null): number | null {
  if (se === null) return null;
  if (Math.abs(mean) <= smallest) return 1;
  return tTwoSided(mean / se, n - 1);
}
