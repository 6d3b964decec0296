/** How values are spread: exact quantiles, and a histogram. */
export interface Distribution {
  count: number;
  min: number;
  mean: number;
  median: number;
  p90: number;
  p99: number;
  max: number;
  /** Values from `from` up to `to`, which is outside but where it is the largest value. */
  bins: { from: number; to: number; count: number }[];
}

/** Gathers values; equal ones are held once. */
export interface Gathered {
  add(value: number): void;
  /** Undefined if there is no value. */
  finish(): Distribution | undefined;
}

/** Most bins of a histogram. */
const mostBins = 24;

/**
 * Gathers whole numbers, or numbers rounded to `step`, by counting how often each occurs. A quantile q is the smallest value that
 * at least a share q of the values does not exceed.
 */
export function gather(step = 1): Gathered {
  const counts = new Map<number, number>();
  return {
    add(value) {
      const rounded = Math.round(value / step);
      counts.set(rounded, (counts.get(rounded) ?? 0) + 1);
    },
    finish() {
      if (counts.size === 0) return undefined;
      const decimals = Math.max(0, -Math.floor(Math.log10(step)));
      const sorted = [...counts]
        .sort(([a], [b]) => a - b)
        .map(([value, count]) => ({ value: Number((value * step).toFixed(decimals)), count }));
      const count = sorted.reduce((sum, own) => sum + own.count, 0);
      const at = (share: number): number => {
        let seen = 0;
        for (const own of sorted) {
          seen += own.count;
          if (seen >= share * count) return own.value;
        }
        return sorted.at(-1)!.value;
      };
      const mean = sorted.reduce((sum, own) => sum + own.value * own.count, 0) / count;
      const quantiles = { median: at(0.5), p90: at(0.9), p99: at(0.99) };
      const [min, max] = [sorted[0]!.value, sorted.at(-1)!.value];
      return { count, min, mean, ...quantiles, max, bins: binsOf(sorted, quantiles.p99, step) };
    },
  };
}

/** Bins of equal, round width up to the 99th percentile, and one for all above. */
function binsOf(sorted: readonly { value: number; count: number }[], p99: number, step: number): Distribution["bins"] {
  const [min, max] = [sorted[0]!.value, sorted.at(-1)!.value];
  const width = Math.max(step, roundUp((p99 - Math.min(0, min)) / mostBins));
  const first = Math.floor(min / width);
  const [end, highest] = [Math.floor(p99 / width), Math.floor(max / width)];
  const last = highest - end <= 2 ? highest : end;
  const bins = Array.from({ length: last - first + 1 }, (_, i) => ({
    from: tidy((first + i) * width),
    to: tidy((first + i + 1) * width),
    count: 0,
  }));
  if (highest > last) bins.push({ from: bins.at(-1)!.to, to: max, count: 0 });
  for (const { value, count } of sorted)
    bins[Math.min(Math.floor(value / width) - first, bins.length - 1)]!.count += count;
  return bins;
}

const tidy = (value: number): number => Number(value.toPrecision(12));

/** The next of 1, 2, 5, 10, 20 … */
function roundUp(value: number): number {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const digit = [1, 2, 5, 10].find((digit) => digit * power >= value * (1 - 1e-12))!;
  return digit * power;
}
