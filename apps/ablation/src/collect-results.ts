import { join } from "node:path";
import { loadTokenizer } from "@videor1/processor-qwen25vl";
import type { RunResult } from "./compare-arms.ts";
import type { AblationConfig } from "./config.ts";
import { measureRun } from "./measure-run.ts";
import type { Plan } from "./plan-runs.ts";
import { type Results, resultsOf } from "./results.ts";
import { isFinished, readRunRecord } from "./run-record.ts";

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
    return runs ? [{ arm, about, runs }] : [];
  });
  return resultsOf(arms, config, runs.length);
}
