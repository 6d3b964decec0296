import { type Estimate, z975 as z } from "./interval.ts";
import { mean } from "./mean.ts";

/**
 * The mean of scores in [0, 1] and Wilson's 95 % interval, (p + z²/2m ± z √(p(1-p)/m + z²/4m²)) / (1 + z²/m), m = n.
 *
 * Made for right-or-wrong scores. For graded ones it is on the wide side: within [0, 1] and at mean p, no variance exceeds
 * p(1-p). Unlike p ± z·se it stays within [0, 1] and has a width at p = 0 and 1.
 *
 * With clusters, such as the videos that questions are about, m = n / max(1, deff), the number of independent scores that would
 * vary as much: deff = G/(G-1) Σ_g (Σ_{i in g} (x_i - p))² / (n/(n-1) Σ_i (x_i - p)²), of G clusters g. Where it is
 * undefined, m = G.
 *
 * @param clusters - of each score the name of its cluster; default: each score is its own.
 * @returns `undefined` for no scores.
 * @throws {RangeError} If a score lies outside [0, 1], or the scores and clusters differ in number.
 * @see Wilson 1927, doi:10.1080/01621459.1927.10502953; Dean and Pagano 2015, doi:10.1093/jssam/smv024 (with deff)
 */
export function estimateMean(scores: readonly number[], clusters?: readonly (string | number)[]): Estimate | undefined {
  const n = scores.length;
  if (n === 0) return undefined;
  const outside = scores.find((score) => !(score >= 0 && score <= 1));
  if (outside !== undefined) throw new RangeError(`estimateMean: scores must be within [0, 1], got ${outside}`);
  const p = mean(scores);
  const m = clusters === undefined ? n : independentScores(scores, clusters, p);
  const centre = p + z ** 2 / (2 * m);
  const reach = z * Math.sqrt((p * (1 - p)) / m + z ** 2 / (4 * m ** 2));
  const scale = 1 + z ** 2 / m;
  return { n, mean: p, low: Math.max(0, (centre - reach) / scale), high: Math.min(1, (centre + reach) / scale) };
}

function independentScores(scores: readonly number[], clusters: readonly (string | number)[], p: number): number {
  const n = scores.length;
  if (clusters.length !== n) throw new RangeError(`estimateMean: ${n} scores and ${clusters.length} clusters`);
  const sums = new Map<string | number, number>();
  for (const [i, score] of scores.entries()) sums.set(clusters[i]!, (sums.get(clusters[i]!) ?? 0) + (score - p));
  const groups = sums.size;
  const squares = scores.reduce((sum, score) => sum + (score - p) ** 2, 0);
  if (groups === 1 || squares === 0) return groups;
  const between = [...sums.values()].reduce((sum, value) => sum + value ** 2, 0);
  const deff = ((groups / (groups - 1)) * between) / ((n / (n - 1)) * squares);
  return n / Math.max(1, deff);
}
