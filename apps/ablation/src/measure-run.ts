import { measures } from "@videor1/miniature";
import type { Tokenizer } from "@videor1/processor-qwen25vl";
import { type Prediction, readBench } from "@videor1/report";
import type { Measures } from "./metrics.ts";
import type { ArmRun } from "./plan-runs.ts";
import type { RunRecord } from "./run-record.ts";

/** The measures of a finished run, from the predictions of its evaluations. */
export async function measureRun(run: ArmRun, record: RunRecord, tokenizer: Tokenizer): Promise<Measures> {
  const predictions: Record<string, readonly Prediction[]> = {};
  for (const stage of run.stages)
    if (stage.kind === "bench") {
      const { outputDir } = stage.config;
      const name = stage.config.name!; // the plan names every evaluation
      predictions[name] = (await readBench(outputDir, name)).predictions;
    }
  const { sampled = [], greedy = [] } = predictions;
  return {
    ...measures(sampled, greedy, (text) => tokenizer.encode(text).length + 1),
    rlCpuSeconds: rlCpuSeconds(record),
  };
}

function rlCpuSeconds({ stages, sessions, cpuSeconds }: RunRecord): number | null {
  const stage = stages.findIndex(({ kind }) => kind === "rl");
  return stage < 0 || sessions > 1 ? null : cpuSeconds[stage]!;
}
