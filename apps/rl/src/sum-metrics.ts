import type { MetricName, Metrics } from "@videor1/tgrpo";

/** The sum of each metric over the parts' shares, in order of part. */
export function sumMetrics(shares: readonly Metrics[]): Metrics & { loss: number } {
  const total: Metrics & { loss: number } = { loss: 0 };
  for (const share of shares)
    for (const [name, value] of Object.entries(share) as [MetricName, number][])
      total[name] = (total[name] ?? 0) + value;
  return total;
}
