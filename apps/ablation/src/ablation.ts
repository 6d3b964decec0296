/** Runs every arm of an ablation on every pair of seeds, each in its own process, and writes the results page. */
import { availableParallelism } from "node:os";
import { type AppOptions, progress } from "@videor1/cli";
import { lockRun } from "@videor1/runs";
import type { AblationConfig } from "./config.ts";
import { planRuns, type Run, runsToMake } from "./plan-runs.ts";
import { type Outcome, runAll } from "./run-all.ts";
import { isFinished, readRunRecord } from "./run-record.ts";
import { startProcess } from "./start-process.ts";
import { rewriteResults, writeResults } from "./write-results.ts";

/** Runs of an ablation failed. */
export class FailedRunsError extends Error {
  override readonly name = "FailedRunsError";
  readonly code = "ABLATION_RUNS_FAILED";
  readonly failed: readonly string[];
  readonly hint: string;

  constructor(failed: readonly Run[], skipped: number) {
    const also = skipped > 0 ? `, ${skipped} that need them were not started` : "";
    super(`${failed.length} runs failed: ${failed.map(({ name }) => name).join(", ")}${also}`);
    this.failed = failed.map(({ name }) => name);
    this.hint = `The end of ${failed[0]?.folder}/log.txt says why. The same command tries again what is not done.`;
  }
}

/**
 * Makes the unfinished runs, then writes the results page of all finished ones; with `from`, only the page is made.
 *
 * @throws {RunConfigError} If the folder of a run holds one with other settings.
 * @throws {FailedRunsError} After the others have ended, if some failed.
 * @throws The signal's reason, once it is aborted and every run has stopped.
 */
export async function ablation(config: AblationConfig, { signal, print }: AppOptions): Promise<void> {
  const report = ({ page, results }: ReturnType<typeof rewriteResults>) => {
    for (const { finding } of results.comparisons) print(finding);
    print(`${results.finished} of ${results.planned} runs are finished. The page: ${page}`);
  };
  if (config.from !== undefined) return report(rewriteResults(config, config.from));
  const plan = planRuns(config);
  const { jobs = availableParallelism() } = config;
  try {
    if (jobs > 0) await makeRuns(runsToMake(plan, config.only), config.runDir, jobs, { signal, print });
  } finally {
    report(await writeResults(config, plan));
  }
}

async function makeRuns(runs: readonly Run[], runDir: string, jobs: number, { signal, print }: AppOptions) {
  const lock = lockRun(runDir);
  const finished = new Set(runs.filter((run) => isFinished(readRunRecord(run))));
  let done = finished.size;
  print(`${runs.length} runs, ${done} of them finished, ${jobs} at a time`);
  const bar = progress({ label: "runs", total: runs.length, done });
  try {
    const outcomes = await runAll(
      runs,
      jobs,
      signal,
      async (run) => (finished.has(run) ? "done" : await startProcess(run, signal)),
      (run, outcome) => {
        if (outcome === "failed") print(`${run.name} failed: ${run.folder}/log.txt`);
        if (!finished.has(run) && outcome !== "stopped") bar.update(++done, { [run.name]: outcome });
      },
    );
    signal.throwIfAborted();
    const ended = (as: Outcome) => runs.filter(({ name }) => outcomes.get(name) === as);
    if (ended("failed").length > 0) throw new FailedRunsError(ended("failed"), ended("skipped").length);
  } finally {
    bar.stop();
    lock.release();
  }
}
