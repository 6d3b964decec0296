import type { Estimate } from "./interval.ts";
import { mean as meanOf, standardDeviation } from "./mean.ts";
import { tPoint } from "./student-t.ts";

/** A mean over few values, such as runs, by Student's t; a single value has neither spread nor interval. */
export interface Sample extends Estimate<number | null> {
  /** Standard deviation, over n - 1. */
  sd: number | null;
}

/** Mean, standard deviation and mean ± t · sd / √n of values; null for no value. */
export function sampleOf(values: readonly number[]): Sample | null {
  const n = values.length;
  if (n === 0) return null;
  const mean = meanOf(values);
  if (n === 1) return { n, mean, sd: null, low: null, high: null };
  const sd = standardDeviation(values, 1);
  const half = (tPoint(n - 1) * sd) / Math.sqrt(n);
  return { n, mean, sd, low: mean - half, high: mean + half };
}

/** sd / √n of a sample; null for a single value. */
export const standardError = ({ sd, n }: Sample): number | null => (sd === null ? null : sd / Math.sqrt(n));
