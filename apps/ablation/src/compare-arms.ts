import { comparePairs } from "@videor1/statistics";
import { type Comparisons, finding } from "./findings.ts";
import { type Measures, type MetricName, metrics } from "./metrics.ts";
import { type SeededValue, worstOf } from "./worst.ts";

export interface RunResult {
  sftSeed: number;
  rlSeed: number;
  measures: Measures;
}

export interface ComparisonResult {
  arm: string;
  base: string;
  comparisons: Comparisons;
  /** The pair on which each measure changes most for the worse. */
  worst: Partial<Record<MetricName, SeededValue | null>>;
  finding: string;
}

/** Compares two arms in these measures, on the pairs of seeds that both have. */
export function compareArms(
  arm: string,
  base: string,
  before: readonly RunResult[],
  after: readonly RunResult[],
  names: readonly MetricName[],
): ComparisonResult {
  const pairs = after.flatMap((run) => {
    const other = before.find(({ sftSeed, rlSeed }) => sftSeed === run.sftSeed && rlSeed === run.rlSeed);
    return other ? [{ seeds: run, after: run.measures, before: other.measures }] : [];
  });
  const comparisons: Partial<Record<MetricName, NonNullable<ReturnType<typeof comparePairs>>>> = {};
  const worst: ComparisonResult["worst"] = {};
  for (const name of names) {
    const both = pairs.flatMap(({ seeds: { sftSeed, rlSeed }, before, after }) =>
      before[name] === null || after[name] === null
        ? []
        : [{ sftSeed, rlSeed, cluster: sftSeed, before: before[name], after: after[name] }],
    );
    const comparison = comparePairs(both);
    if (!comparison) continue;
    comparisons[name] = comparison;
    const changes = both.map(({ sftSeed, rlSeed, before, after }) => ({ sftSeed, rlSeed, value: after - before }));
    worst[name] = worstOf(changes, metrics[name].better);
  }
  return { arm, base, comparisons, worst, finding: finding(arm, base, comparisons) };
}
