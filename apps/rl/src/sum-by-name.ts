import type { MetricName, Metrics } from "@videor1/tgrpo";

/** Sums of each metric over the shares of a batch's parts; the loss of no share is 0. */
export function sumByName(shares: readonly Metrics[]): Metrics & { loss: number } {
  const total: Metrics & { loss: number } = { loss: 0 };
  for (const share of shares)
    for (const [name, value] of Object.entries(share) as [MetricName, number][])
      total[name] = (total[name] ?? 0) + value;
  return total;
}
