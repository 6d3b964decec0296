import { join } from "node:path";
import { loadTokenizer } from "@videor1/processor-qwen25vl";
import { comparePairs, type Sample, sampleOf } from "@videor1/statistics";
import type { AblationConfig } from "./config.ts";
import { type Comparisons, finding } from "./findings.ts";
import { measureRun } from "./measure-run.ts";
import { type Measures, type MetricName, metricNames } from "./metrics.ts";
import type { Plan } from "./plan-runs.ts";
import { isFinished, readRunRecord } from "./run-record.ts";

export interface RunResult {
  sftSeed: number;
  rlSeed: number;
  measures: Measures;
}

export interface ArmResult {
  arm: string;
  about: string;
  runs: RunResult[];
  samples: Record<MetricName, Sample | null>;
}

export interface ComparisonResult {
  arm: string;
  base: string;
  comparisons: Comparisons;
  finding: string;
}

export interface Results {
  arms: ArmResult[];
  /** Every other arm with the base, then the further comparisons of the config. */
  comparisons: ComparisonResult[];
  /** Numbers of finished and of all runs of arms. */
  finished: number;
  planned: number;
}

/** Measures every finished run and compares the arms on the pairs of seeds that both have. */
export async function collectResults(config: AblationConfig, { starts, arms: runs }: Plan): Promise<Results> {
  const byArm = new Map<string, RunResult[]>();
  for (const [sftSeed, { folder }] of starts) {
    const finished = runs
      .filter((run) => run.sftSeed === sftSeed)
      .map((run) => ({ run, record: readRunRecord(run) }))
      .filter(({ record }) => isFinished(record));
    if (finished.length === 0) continue;
    const tokenizer = await loadTokenizer(join(folder, "init"));
    for (const { run, record } of finished) {
      const { arm, rlSeed } = run;
      const result = { sftSeed, rlSeed, measures: await measureRun(run, record, tokenizer) };
      byArm.set(arm, [...(byArm.get(arm) ?? []), result]);
    }
  }
  const arms = Object.entries(config.arms).flatMap(([arm, { about }]) => {
    const runs = byArm.get(arm);
    return runs ? [armResult(arm, about, runs)] : [];
  });
  const against = [
    ...arms.filter(({ arm }) => arm !== config.base).map(({ arm }) => [arm, config.base] as const),
    ...config.comparisons,
  ];
  const comparisons = against.flatMap(([arm, base]) => {
    const [after, before] = [byArm.get(arm), byArm.get(base)];
    return after && before ? [compareArms(arm, base, before, after)] : [];
  });
  return { arms, comparisons, finished: [...byArm.values()].flat().length, planned: runs.length };
}

function armResult(arm: string, about: string, runs: RunResult[]): ArmResult {
  const sample = (name: MetricName) => sampleOf(runs.flatMap(({ measures }) => measures[name] ?? []));
  const samples = Object.fromEntries(metricNames.map((name) => [name, sample(name)])) as ArmResult["samples"];
  return { arm, about, runs, samples };
}

export function compareArms(
  arm: string,
  base: string,
  before: readonly RunResult[],
  after: readonly RunResult[],
): ComparisonResult {
  const pairs = after.flatMap((run) => {
    const other = before.find(({ sftSeed, rlSeed }) => sftSeed === run.sftSeed && rlSeed === run.rlSeed);
    return other ? [{ sftSeed: run.sftSeed, after: run.measures, before: other.measures }] : [];
  });
  const comparisons = Object.fromEntries(
    metricNames.flatMap((name) => {
      const both = pairs.flatMap(({ sftSeed, before, after }) =>
        before[name] === null || after[name] === null
          ? []
          : [{ cluster: sftSeed, before: before[name], after: after[name] }],
      );
      const comparison = comparePairs(both);
      return comparison ? [[name, comparison]] : [];
    }),
  );
  return { arm, base, comparisons, finding: finding(arm, base, comparisons) };
}
