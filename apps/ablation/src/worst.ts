import type { MetricInfo } from "@videor1/miniature";

/** A value of one run, or the difference of a pair of runs, with its seeds. */
export interface SeededValue {
  sftSeed: number;
  rlSeed: number;
  value: number;
}

/** The lowest value, or the highest where lower is better; null where neither is better or there is no value. */
export function worstOf(values: readonly SeededValue[], better: MetricInfo["better"]): SeededValue | null {
  if (better === undefined) return null;
  const sign = better === "higher" ? 1 : -1;
  return values.reduce<SeededValue | null>(
    (worst, one) => (worst && sign * worst.value <= sign * one.value ? worst : one),
    null,
  );
}
