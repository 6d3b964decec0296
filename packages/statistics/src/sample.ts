/** Statistics over runs: few of them, so Student's t instead of the normal distribution. */

/** A mean over runs with its 95 % interval; a single run has neither spread nor interval. */
export interface Sample {
  n: number;
  mean: number;
  /** Over n - 1. */
  sd: number | null;
  low: number | null;
  high: number | null;
}

/** 97.5 % points of Student's t for 1 to 30 degrees of freedom. */
const tPoints = [
  ...[12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281],
  ...[2.201, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.093, 2.086],
  ...[2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423],
];

/**
 * 97.5 % point of Student's t: from a table up to 30 degrees of freedom, beyond by the first terms of its expansion,
 * z + (z³ + z) / 4f + (5z⁵ + 16z³ + 3z) / 96f², good to 3 decimals there.
 *
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5
 */
export function tPoint(freedom: number): number {
  const z = 1.959963984540054;
  return (
    tPoints[freedom - 1] ?? z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2)
  );
}

/** Mean, standard deviation and mean ± t · sd / √n of values; null for no value. */
export function sampleOf(values: readonly number[]): Sample | null {
  const n = values.length;
  if (n === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { n, mean, sd: null, low: null, high: null };
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const half = (tPoint(n - 1) * sd) / Math.sqrt(n);
  return { n, mean, sd, low: mean - half, high: mean + half };
}

/** The values of two arms on one pair of seeds. */
export interface PairedValues {
  sftSeed: number;
  before: number;
  after: number;
}

/** Mean of the differences after - before over pairs of seeds. */
export interface Comparison extends Omit<Sample, "sd"> {
  /** sd / √n. */
  se: number | null;
  /** Pairs on which `after` is higher, lower, equal. */
  higher: number;
  lower: number;
  equal: number;
  /** The same with the mean of each SFT model's pairs as one value: pairs that share a model are not independent. */
  byModel: { n: number; mean: number; se: number | null; higher: number };
}

/** Compares two arms on the pairs that both have; null without any. */
export function compare(pairs: readonly PairedValues[]): Comparison | null {
  const differences = pairs.map(({ before, after }) => after - before);
  const sample = sampleOf(differences);
  if (!sample) return null;
  const { sd, ...rest } = sample;
  const seeds = [...new Set(pairs.map(({ sftSeed }) => sftSeed))];
  const means = seeds.map((seed) => sampleOf(differences.filter((_, i) => pairs[i]!.sftSeed === seed))!.mean);
  const models = sampleOf(means)!;
  return {
    ...rest,
    se: standardError(sample),
    higher: differences.filter((d) => d > smallest).length,
    lower: differences.filter((d) => d < -smallest).length,
    equal: differences.filter((d) => Math.abs(d) <= smallest).length,
    byModel: {
      n: models.n,
      mean: models.mean,
      se: standardError(models),
      higher: means.filter((d) => d > smallest).length,
    },
  };
}

/** Differences up to here are rounding. */
const smallest = 1e-9;

const standardError = ({ sd, n }: Sample): number | null => (sd === null ? null : sd / Math.sqrt(n));
