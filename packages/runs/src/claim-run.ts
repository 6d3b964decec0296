import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { BestSoFar } from "./best-so-far.ts";
import { checkpointSteps, loadCheckpoint, pruneCheckpoints, verifyCheckpoint } from "./checkpoint.ts";
import { codeVersion } from "./code-version.ts";
import { publishFolder } from "./durable.ts";
import { openEventFile } from "./event-file.ts";
import { mendLines, openLog } from "./files/json-lines.ts";
import { ledgerFile } from "./files/ledger-file.ts";
import { openManifest } from "./files/manifest.ts";
import { metricsFile, readMetrics } from "./files/metrics.ts";
import type { LedgerTotals } from "./ledger.ts";
import type { RunFiles } from "./run-files.ts";
import type { RunOptions, RunValidation } from "./run-interface.ts";
import { runRemains } from "./run-remains.ts";
import { keepSettings, runSettings } from "./run-settings.ts";
import { type SavedState, savedState } from "./saved-state.ts";

/**
 * Settings that may change when a run is resumed: its results do not depend on them, except for the rounding of another
 * engine.
 */
const resumableKeys = [
  ...["outputDir", "engine", "checkpoint", "gradientCheckpointing", "maxFailedShare", "onNonFinite"],
  "rollout.server",
];

/** The field that decides whether a line stays when a run is resumed; the other fields may be of another version. */
const StepOfLine = z.object({ step: z.number() });

/** Where a run stands when a process takes it up; plain data. */
export interface Standing<Position> {
  step: number;
  /** Whether an earlier process finished it. */
  done: boolean;
  /** Folder of the checkpoint to resume from. */
  checkpoint: string | undefined;
  saved: SavedState<Position> | undefined;
  totals: LedgerTotals;
  earlierTotalSteps: number | undefined;
}

/** Whether early stopping ends a run whose best validation is this. */
export const isStale = (best: BestSoFar | null, validation: RunValidation | undefined): boolean =>
  (best?.stale ?? 0) >= (validation?.earlyStop?.patience ?? Infinity);

/** Finds where a run stands in its locked folder, cuts its logs back to that, and opens them. Errors are those of `openRun`. */
export async function claimRun<Position>(
  { outputDir, config, parseConfig, inputs, totalSteps, stepsKey, module, logs = [], validation }: RunOptions,
  files: RunFiles,
): Promise<Standing<Position>> {
  const root = join(outputDir, "checkpoints");
  const modelDir = join(outputDir, "model");
  const found = checkpointSteps(root).length > 0 ? loadCheckpoint(root) : undefined;
  for (const file of found?.optimizer ?? []) file.close();
  const remains = found ? undefined : runRemains(outputDir);
  const isBegun = found !== undefined || remains?.isBegun === true;
  const settings = await runSettings(config, inputs, isBegun ? outputDir : undefined);
  const mayHaveOtherSteps = found !== undefined && totalSteps >= found.step;
  const steps = mayHaveOtherSteps ? { stepsKey } : {};
  keepSettings(outputDir, settings, { isBegun, resumableKeys, parseConfig, ...steps });
  const saved = found && savedState<Position>(found);
  const best = saved?.best ?? null;
  const { keep, keepBest } = config.checkpoint;
  // a process may have been killed before it had removed all old checkpoints
  if (found) pruneCheckpoints(root, found.step, { keepLast: keep, best: keepBest && best ? best.step : null });
  const finished = remains?.finished;
  const step = found?.step ?? finished?.step ?? 0;
  const isOver = step >= totalSteps || isStale(best, validation);
  const done = finished ? true : isOver && existsSync(join(modelDir, "config.json"));
  if (found && !done) verifyCheckpoint(found.folder);
  // a finished run that goes on: its model stays, under another name
  if (found && !done && existsSync(modelDir)) publishFolder(modelDir, `${modelDir}-${step}`);
  for (const name of [metricsFile, ledgerFile, ...logs] as const) {
    if (!finished) mendLines(join(outputDir, name), StepOfLine, { keep: (line) => line.step <= step });
    files.add(name, openLog(join(outputDir, name)));
  }
  const totals = saved?.ledger ?? finished?.ledger ?? { trained: 0, byCode: {} };
  if (!done) {
    const code = codeVersion(module);
    const manifest = openManifest(outputDir, { ...settings, step, totalSteps, ledger: totals, code });
    files.manifest = manifest;
    const records = readMetrics(outputDir);
    files.add("events", openEventFile(outputDir, records, { started: manifest.started, now: Date.now() }));
  }
  const last = files.manifest?.earlierTotals.at(-1);
  const earlierTotalSteps = last?.untilStep === step ? last.totalSteps : undefined;
  return { step, done, checkpoint: found?.folder, saved, totals, earlierTotalSteps };
}
