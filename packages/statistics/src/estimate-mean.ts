import { type Estimate, z975 as z } from "./interval.ts";
import { mean } from "./mean.ts";

/**
 * The mean of scores in [0, 1] and Wilson's 95 % interval, (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
 *
 * Made for right-or-wrong scores. For graded ones it is on the wide side: within [0, 1] and at mean p, no variance exceeds
 * p(1-p). Unlike p ± z·se it stays within [0, 1] and has a width at p = 0 and 1.
 *
 * @returns `undefined` for no scores.
 * @throws {RangeError} If a score lies outside [0, 1].
 * @see Wilson 1927, doi:10.1080/01621459.1927.10502953
 */
export function estimateMean(scores: readonly number[]): Estimate | undefined {
  const n = scores.length;
  if (n === 0) return undefined;
  const outside = scores.find((score) => !(score >= 0 && score <= 1));
  if (outside !== undefined) throw new RangeError(`estimateMean: scores must be within [0, 1], got ${outside}`);
  const p = mean(scores);
  const centre = p + z ** 2 / (2 * n);
  const reach = z * Math.sqrt((p * (1 - p)) / n + z ** 2 / (4 * n ** 2));
  const scale = 1 + z ** 2 / n;
  return { n, mean: p, low: Math.max(0, (centre - reach) / scale), high: Math.min(1, (centre + reach) / scale) };
}
