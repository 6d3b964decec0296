import { existsSync } from "node:fs";
import { join } from "node:path";
import { nextBest } from "./best-so-far.ts";
import { checkpointSteps, loadCheckpoint, pruneCheckpoints } from "./checkpoint.ts";
import { codeVersion } from "./code-version.ts";
import { openEventFile } from "./event-file.ts";
import { createLedger, ledgerCodes } from "./ledger.ts";
import { openManifest } from "./manifest.ts";
import { type MetricsLog, openMetrics, readMetrics } from "./metrics-log.ts";
import { mostSkippedInARow, NonFiniteStepError } from "./non-finite-step.ts";
import type { Run, RunOptions } from "./run-interface.ts";
import { lockRun } from "./run-lock.ts";
import { keepSettings, runSettings } from "./run-settings.ts";
import { type SavedState, savedState } from "./saved-state.ts";

/** Settings that may differ between the parts of one run: its results do not depend on them, but for an engine's rounding. */
const free = ["outputDir", "engine", "checkpoint", "gradientCheckpointing", "maxFailedShare", "onNonFinite"];

/**
 * Opens a run's folder: locks it, finds the checkpoint to go on from, compares the settings if there is one, and cuts the
 * logs back to it, so that a stopped and continued run leaves the same lines as an unbroken one.
 *
 * @throws {CheckpointError} If another process uses the folder, it cannot be written, or the checkpoint is damaged.
 * @throws {RunConfigError} If the folder holds a run with other settings.
 */
export async function openRun<Position>(options: RunOptions): Promise<Run<Position>> {
  const lock = lockRun(options.outputDir);
  const files = new Map<string, MetricsLog>();
  const close = () => {
    for (const file of files.values()) file.close();
    lock.release();
  };
  try {
    return await openLocked<Position>(options, files, close);
  } catch (error) {
    close();
    throw error;
  }
}

async function openLocked<Position>(
  { outputDir, config, inputs, totalSteps, module, logs = [], validation }: RunOptions,
  files: Map<string, MetricsLog>,
  close: () => void,
): Promise<Run<Position>> {
  const root = join(outputDir, "checkpoints");
  const modelDir = join(outputDir, "model");
  const found = checkpointSteps(root).length > 0 ? loadCheckpoint(root) : undefined;
  found?.optimizer.close();
  const settings = await runSettings(config, inputs);
  keepSettings(outputDir, settings, { isBegun: found !== undefined, free });
  const saved = found && savedState<Position>(found);
  let best = saved?.best ?? null;
  const keepRules = () => ({
    keepLast: config.checkpoint.keep,
    best: config.checkpoint.keepBest && best ? best.step : null,
  });
  // what a process that was killed while it removed old checkpoints has left of them
  if (found) pruneCheckpoints(root, found.step, keepRules());
  let step = found?.step ?? 0;
  let skippedInARow = saved?.skippedInARow ?? 0;
  const isOver = () => step >= totalSteps || (best?.stale ?? 0) >= (validation?.earlyStop?.patience ?? Infinity);
  const done = isOver() && existsSync(join(modelDir, "config.json"));
  const began = performance.now() - 1000 * (saved?.secondsElapsed ?? 0);
  const secondsElapsed = () => Math.round(performance.now() - began) / 1000;
  for (const name of ["metrics.jsonl", "ledger.jsonl", ...logs])
    files.set(name, openMetrics(join(outputDir, name), { resumeStep: step }));
  const append = (log: string, record: object) => files.get(log)!.write({ step: step + 1, ...record });
  const totals = saved?.ledger ?? { trained: 0, byCode: {} };
  const ledger = createLedger(config.maxFailedShare, totals, ({ problemId, code, reason }) =>
    append("ledger.jsonl", { problemId, outcome: ledgerCodes[code].outcome, code, reason }),
  );
  const begin = () => {
    const standing = { step, totalSteps, ledger: ledger.totals() };
    const manifest = openManifest(outputDir, { ...settings, ...standing, code: codeVersion(module) });
    const records = readMetrics(join(outputDir, "metrics.jsonl"));
    files.set("events", openEventFile(outputDir, records, { started: manifest.started, now: Date.now() }));
    return manifest;
  };
  const manifest = done ? undefined : begin();

  return {
    modelDir,
    done,
    checkpoint: found?.folder,
    position: saved?.position,
    ledger,
    get step() {
      return step;
    },
    totalSteps,
    get isOver() {
      return isOver();
    },
    get isValidationDue() {
      return validation !== undefined && ((step + 1) % validation.everySteps === 0 || step + 1 === totalSteps);
    },
    setEngine: (engine) => manifest?.setEngine(engine),
    append,
    endStep({ trained, others, metrics, validation: validated }) {
      ledger.batch(trained, others);
      if (metrics) skippedInARow = 0;
      if (metrics || validated) {
        const measured = Object.entries(validated?.metrics ?? {}).map(([name, value]) => [`validation/${name}`, value]);
        const clock = { secondsElapsed: secondsElapsed() };
        const record = { ...metrics, ...Object.fromEntries(measured), ...ledger.counts(), ...clock };
        for (const log of ["metrics.jsonl", "events"]) append(log, record);
      }
      step++;
      if (validated && validation) {
        const rule = { lowerIsBetter: validation.lowerIsBetter, minDelta: validation.earlyStop?.minDelta ?? 0 };
        best = nextBest(best, { step, value: validated.value }, rule);
      }
    },
    skipStep({ problemIds, reason, others }) {
      const skipped = problemIds.map((problemId) => ({ problemId, code: "NON_FINITE_STEP", reason }) as const);
      ledger.batch(0, [...others, ...skipped]);
      step++;
      skippedInARow++;
      if (config.onNonFinite === "stop" || skippedInARow >= mostSkippedInARow)
        throw new NonFiniteStepError({ step, problemIds, reason, inARow: skippedInARow, outputDir });
    },
    async checkpointIfDue(position, signal, save) {
      const isBest = config.checkpoint.keepBest && best?.step === step;
      if (step % config.checkpoint.everySteps === 0 || isBest || isOver() || signal.aborted) {
        const state: SavedState<Position> = {
          ...{ position, skippedInARow, best, ledger: ledger.totals(), secondsElapsed: secondsElapsed() },
        };
        await save({ root, step, state, ...keepRules() });
        manifest?.update({ step, ledger: ledger.totals() });
      }
      if (!isOver()) signal.throwIfAborted();
    },
    close,
  };
}
