/** How often one of two runs alone was right, and how likely so uneven a split is by chance. */
export interface McNemar {
  /** Right before and wrong after; wrong before and right after. */
  lost: number;
  gained: number;
  /** Two-sided exact p: min(1, 2 P(X <= min(lost, gained))), X binomial of lost + gained at 1/2; 1 without either. */
  p: number;
}

/**
 * McNemar's exact test on right-or-wrong answers to the same questions. It takes the questions for independent: with several of
 * one video, an interval by clusters says more.
 *
 * @throws {RangeError} If the lengths differ.
 * @see McNemar 1947, doi:10.1007/BF02295996
 */
export function mcnemar(before: readonly boolean[], after: readonly boolean[]): McNemar {
  if (before.length !== after.length)
    throw new RangeError(`mcnemar: ${before.length} and ${after.length} answers do not pair up`);
  const lost = before.filter((right, i) => right && !after[i]).length;
  const gained = before.filter((right, i) => !right && after[i]).length;
  return { lost, gained, p: Math.min(1, 2 * lowerTail(Math.min(lost, gained), lost + gained)) };
}

/** P(X <= k) of a binomial of n at 1/2, by summed logarithms of its terms. */
function lowerTail(k: number, n: number): number {
  let logTerm = -n * Math.LN2;
  let sum = Math.exp(logTerm);
  for (let i = 1; i <= k; i++) {
    logTerm += Math.log((n - i + 1) / i);
    sum += Math.exp(logTerm);
  }
  return sum;
}
