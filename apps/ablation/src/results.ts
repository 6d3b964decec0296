import { type Sample, sampleOf } from "@videor1/statistics";
import { type ComparisonResult, compareArms, type RunResult } from "./compare-arms.ts";
import { type DoubledMetric, distinctMetrics } from "./distinct-metrics.ts";
import { type MetricName, metrics } from "./metrics.ts";
import { type SeededValue, worstOf } from "./worst.ts";

/** The finished runs of an arm. */
export interface ArmRuns {
  arm: string;
  about: string;
  runs: RunResult[];
}

export interface ArmResult extends ArmRuns {
  samples: Partial<Record<MetricName, Sample | null>>;
  worst: Partial<Record<MetricName, SeededValue | null>>;
}

export interface Results {
  arms: ArmResult[];
  /** The measures that are shown, and those that double one of them. */
  metrics: MetricName[];
  doubled: DoubledMetric[];
  /** Every other arm with the base, then the further comparisons of the config. */
  comparisons: ComparisonResult[];
  /** Numbers of finished and of all runs of arms. */
  finished: number;
  planned: number;
}

/** What is to be compared: every arm with the base, and further pairs of arms. */
export interface Question {
  base: string;
  comparisons: readonly (readonly [string, string])[];
}

/** The results of runs. Pure. */
export function resultsOf(armRuns: readonly ArmRuns[], { base, comparisons }: Question, planned: number): Results {
  const { names, doubled } = distinctMetrics(armRuns.flatMap(({ runs }) => runs.map(({ measures }) => measures)));
  const runsOf = new Map(armRuns.map(({ arm, runs }) => [arm, runs]));
  const against = [...armRuns.filter(({ arm }) => arm !== base).map(({ arm }) => [arm, base] as const), ...comparisons];
  return {
    arms: armRuns.map((arm) => armResult(arm, names)),
    metrics: names,
    doubled,
    comparisons: against.flatMap(([arm, base]) => {
      const [after, before] = [runsOf.get(arm), runsOf.get(base)];
      return after && before ? [compareArms(arm, base, before, after, names)] : [];
    }),
    finished: armRuns.reduce((sum, { runs }) => sum + runs.length, 0),
    planned,
  };
}

function armResult({ arm, about, runs }: ArmRuns, names: readonly MetricName[]): ArmResult {
  const samples: ArmResult["samples"] = {};
  const worst: ArmResult["worst"] = {};
  for (const name of names) {
    const values = runs.flatMap(({ sftSeed, rlSeed, measures }) => {
      const value = measures[name];
      return value === null ? [] : [{ sftSeed, rlSeed, value }];
    });
    samples[name] = sampleOf(values.map(({ value }) => value));
    worst[name] = worstOf(values, metrics[name].better);
  }
  return { arm, about, runs, samples, worst };
}
