import type { Example } from "@videor1/data";
import { randomStream } from "@videor1/random";

/**
 * -ln(u) / weight, where u is uniform and depends on the seed, the record's source and its id alone: an exponential variable of
 * that rate. Taking the records of the smallest keys samples without replacement by weight, and with equal weights uniformly; a
 * record's key depends on no other record, on no order and on no other field. Infinity for the weight 0.
 *
 * @see Efraimidis and Spirakis 2006, "Weighted random sampling with a reservoir", whose u^(1/w) this is, but for a monotone change
 */
export function samplingKey(
  seed: number,
  { dataSource, problemId }: Pick<Example, "dataSource" | "problemId">,
  weight = 1,
): number {
  if (weight === 0) return Number.POSITIVE_INFINITY;
  return -Math.log(1 - randomStream(seed, "curate", dataSource, String(problemId)).next()) / weight;
}
