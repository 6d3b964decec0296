/**
 * Wilson's interval of a share: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n). Of the mean of values in [0, 1] it is at
 * least as wide as it has to be, since none has a larger variance than 0 and 1 alone.
 *
 * @param z - Default 2.576: 99 %.
 * @see E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209
 */
export function wilson(mean: number, n: number, z = 2.576): { low: number; high: number } {
  if (n === 0) return { low: 0, high: 1 };
  const square = (z * z) / n;
  const middle = mean + square / 2;
  const half = z * Math.sqrt((mean * (1 - mean)) / n + square / (4 * n));
  return { low: Math.max(0, (middle - half) / (1 + square)), high: Math.min(1, (middle + half) / (1 + square)) };
}
