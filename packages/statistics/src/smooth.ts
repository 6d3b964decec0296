import { mean } from "./mean.ts";

/** Size of the window that smooths a curve of this many steps: about an eighth of them, odd, at least 3. */
export const windowOf = (steps: number): number => 2 * Math.max(1, Math.round(steps / 16)) + 1;

/** Mean over the window centred at each position, nulls left out; null where the whole window is. */
export function smooth(values: readonly (number | null)[], window: number): (number | null)[] {
  const reach = (window - 1) / 2;
  return values.map((_, i) => meanOf(values.slice(Math.max(0, i - reach), i + reach + 1)));
}

/** Mean of the values that are not null; null if all are. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const there = values.filter((value) => value !== null);
  return there.length === 0 ? null : mean(there);
}

/** Number of steps in the first or last tenth of a run, at least 3. */
export const tenth = (steps: number): number => Math.min(steps, Math.max(3, Math.round(steps / 10)));

/**
 * Quantile q of the values that are not null, linear between neighbours (type 7); null if all are.
 *
 * @param q - in [0, 1]; 0.5 is the median.
 */
export function quantile(values: readonly (number | null)[], q: number): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const at = q * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (at - Math.floor(at)) * (high - low);
}
