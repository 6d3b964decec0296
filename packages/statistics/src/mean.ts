/** Sum of the values / their number; NaN for none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** sqrt(sum (x - mean)^2 / (n - ddof)). */
export function standardDeviation(values: readonly number[], ddof: 0 | 1): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - ddof));
}
