import type { Estimate } from "./interval.ts";
import { mean } from "./mean.ts";
import { pairedDifference } from "./paired-difference.ts";

/**
 * Mean of the paired differences after - before, and its 95 % percentile interval from resampled clusters, such as the videos
 * that questions are about: each resample draws as many clusters as there are, with their questions, and takes the mean of
 * their differences. Where all clusters differ alike, resampling knows no doubt; the interval is then `pairedDifference`'s, a pair
 * a cluster.
 *
 * @param clusters - of each pair the name of its cluster.
 * @param next - uniform draws in [0, 1), e.g. of `randomStream` of @videor1/random.
 * @throws {RangeError} If there is no pair, or the lengths differ.
 * @see Davison and Hinkley, Bootstrap Methods and their Application (1997), 3.8 (resampling of groups) and 5.3.1
 */
export function bootstrapDifference(
  before: readonly number[],
  after: readonly number[],
  clusters: readonly (string | number)[],
  { next, resamples = 10_000 }: { next: () => number; resamples?: number },
): Estimate {
  const n = before.length;
  if (n === 0 || after.length !== n || clusters.length !== n)
    throw new RangeError(`bootstrapDifference: ${n} and ${after.length} scores of ${clusters.length} do not pair up`);
  const differences = after.map((score, i) => score - before[i]!);
  const groups = new Map<string | number, { sum: number; n: number }>();
  for (const [i, difference] of differences.entries()) {
    const group = groups.get(clusters[i]!) ?? { sum: 0, n: 0 };
    groups.set(clusters[i]!, { sum: group.sum + difference, n: group.n + 1 });
  }
  const list = [...groups.values()];
  const ofClusters = list.map((group) => group.sum / group.n);
  if (ofClusters.every((value) => value === ofClusters[0])) {
    const { low, high } = pairedDifference(new Array<number>(list.length).fill(0), ofClusters);
    return { n, mean: mean(differences), low, high };
  }
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    let count = 0;
    for (let draw = 0; draw < list.length; draw++) {
      const group = list[Math.floor(next() * list.length)]!;
      sum += group.sum;
      count += group.n;
    }
    return sum / count;
  }).sort();
  const at = (share: number) => means[Math.min(resamples - 1, Math.max(0, Math.round(share * (resamples + 1)) - 1))]!;
  return { n, mean: mean(differences), low: at(0.025), high: at(0.975) };
}
