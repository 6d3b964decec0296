/** A 95 % interval; `null` bounds where there are too few values for one. */
export interface Interval<Bound extends number | null = number> {
  low: Bound;
  high: Bound;
}

/** A mean of n values with its 95 % interval. */
export interface Estimate<Bound extends number | null = number> extends Interval<Bound> {
  n: number;
  mean: number;
}

/** 97.5 % point of the standard normal distribution. */
export const z975 = 1.959963984540054;
