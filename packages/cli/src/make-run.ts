import { openRun, type Run, type RunOptions } from "@videor1/runs";
import { ledgerTable } from "./ledger-table.ts";
import type { AppOptions } from "./run-app.ts";

/**
 * Makes a run in its folder: opens it, trains it unless it is finished, prints how its records ended, and ends it, with the
 * error if `train` throws one.
 *
 * @returns The folder of the trained model.
 */
export async function makeRun<Position>(
  options: RunOptions,
  train: (run: Run<Position>) => Promise<void>,
  { print, peers }: Pick<AppOptions, "print" | "peers">,
): Promise<{ modelDir: string }> {
  const { outputDir } = options;
  const run = await openRun<Position>(options, peers);
  try {
    if (run.earlierTotalSteps !== undefined)
      print(
        `The run was to have ${run.earlierTotalSteps} steps. From step ${run.step} on it goes to ${run.totalSteps}, and its schedule of the learning rate is that of ${run.totalSteps}.`,
      );
    if (run.done) print(`${outputDir} holds a finished run`);
    else await train(run);
    for (const line of ledgerTable(run.ledger.totals(), `${outputDir}/ledger.jsonl`)) print(line);
    run.end();
    return { modelDir: run.modelDir };
  } catch (error) {
    run.end(error);
    throw error;
  }
}
