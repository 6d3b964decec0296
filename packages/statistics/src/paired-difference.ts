import { type Estimate, z975 } from "./interval.ts";

/**
 * Mean of the paired differences d = after - before, and its 95 % interval by "Wald + 2": two further pairs are taken
 * into account, half a pair in each of the cells 0→0, 0→1, 1→0, 1→1, so that n' = n + 2, m = Σd / n',
 * s² = (Σd² + 1) / n' - m², interval m ± z s / √n', cut to [-1, 1]. Unlike the plain interval it does not shrink to a
 * point when all pairs agree.
 *
 * @param before, after - scores in [0, 1] of the same questions, in the same order.
 * @throws {RangeError} If there is no pair, or the lengths differ.
 * @see Agresti and Min, Statistics in Medicine 24 (2005) 729-740
 */
export function pairedDifference(before: readonly number[], after: readonly number[]): Estimate {
  if (before.length === 0 || before.length !== after.length)
    throw new RangeError(`pairedDifference: ${before.length} and ${after.length} scores do not pair up`);
  const differences = after.map((score, i) => score - before[i]!);
  const sum = differences.reduce((total, d) => total + d, 0);
  const squares = differences.reduce((total, d) => total + d * d, 0);
  const n = differences.length;
  const centre = sum / (n + 2);
  const half = z975 * Math.sqrt(((squares + 1) / (n + 2) - centre * centre) / (n + 2));
  return { n, mean: sum / n, low: Math.max(-1, centre - half), high: Math.min(1, centre + half) };
}
