import { groupBy } from "./group-by.ts";
import type { Estimate } from "./interval.ts";
import { mean } from "./mean.ts";
import { sampleOf, standardError } from "./sample.ts";

/** The values of two arms on one pair of runs. */
export interface PairedValues {
  /** Pairs with the same cluster are not independent of one another, e.g. because they start from one model. */
  cluster: number;
  before: number;
  after: number;
}

/** Mean of the differences after - before over pairs of runs. */
export interface Comparison extends Estimate<number | null> {
  /** Standard error, sd / √n. */
  se: number | null;
  /** Pairs on which `after` is higher, lower, equal. */
  higher: number;
  lower: number;
  equal: number;
  /** The same with the mean of each cluster's pairs as one value. */
  byCluster: { n: number; mean: number; se: number | null; higher: number };
}

/** Differences up to here are rounding. */
const smallest = 1e-9;

/** Compares two arms on the pairs that both have; null if there is none. */
export function comparePairs(pairs: readonly PairedValues[]): Comparison | null {
  const differences = pairs.map(({ before, after }) => after - before);
  const sample = sampleOf(differences);
  if (!sample) return null;
  const clusters = groupBy(pairs, ({ cluster }) => cluster);
  const means = [...clusters.values()].map((ofCluster) => mean(ofCluster.map(({ before, after }) => after - before)));
  const overClusters = sampleOf(means)!;
  const { n, low, high } = sample;
  return {
    n,
    mean: sample.mean,
    low,
    high,
    se: standardError(sample),
    higher: differences.filter((d) => d > smallest).length,
    lower: differences.filter((d) => d < -smallest).length,
    equal: differences.filter((d) => Math.abs(d) <= smallest).length,
    byCluster: {
      n: overClusters.n,
      mean: overClusters.mean,
      se: standardError(overClusters),
      higher: means.filter((d) => d > smallest).length,
    },
  };
}
