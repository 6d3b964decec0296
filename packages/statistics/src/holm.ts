/**
 * p values corrected by Holm for being the best of several: with the m values in ascending order, the i-th (from 0)
 * becomes the largest of (m - j) p_j over j <= i, at most 1. A family of tests judged by them errs once in twenty families
 * at 0.05, whatever the dependence between its tests.
 *
 * @returns The corrected values, in the order of the given ones.
 * @see Holm, Scandinavian Journal of Statistics 6 (1979) 65-70
 */
export function holm(values: readonly number[]): number[] {
  const ascending = values.map((p, at) => ({ p, at })).sort((a, b) => a.p - b.p);
  const corrected = new Array<number>(values.length);
  let largest = 0;
  for (const [i, { p, at }] of ascending.entries()) {
    largest = Math.max(largest, Math.min(1, (values.length - i) * p));
    corrected[at] = largest;
  }
  return corrected;
}
