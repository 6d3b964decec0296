import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { nextBest } from "./best-so-far.ts";
import { checkpointSteps, loadCheckpoint, pruneCheckpoints, verifyCheckpoint } from "./checkpoint.ts";
import { codeVersion } from "./code-version.ts";
import { publishFolder } from "./durable.ts";
import { openEventFile } from "./event-file.ts";
import { type LineLog, mendLines, openLog } from "./files/json-lines.ts";
import { ledgerFile } from "./files/ledger-file.ts";
import { openManifest } from "./files/manifest.ts";
import { metricsFile, readMetrics } from "./files/metrics.ts";
import { createLedger, type LedgerTotals, ledgerCodes } from "./ledger.ts";
import { mostSkippedInARow, NonFiniteStepError } from "./non-finite-step.ts";
import { runEnd } from "./run-end.ts";
import type { Run, RunLines, RunOptions } from "./run-interface.ts";
import { lockRun } from "./run-lock.ts";
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

/** The open files of a run, by name. */
type OpenFiles = Map<string, LineLog<never>>;

/**
 * Opens a run's folder: locks it, finds the checkpoint to resume from, compares the settings with those of the checkpoint,
 * and cuts the logs back to it, so that a resumed run leaves the same lines as an unbroken one.
 *
 * A folder whose final model is there holds a finished run, also without checkpoints.
 *
 * @throws {CheckpointError} If another process uses the folder, it cannot be written, or the checkpoint is damaged or gone.
 * @throws {RunConfigError} If the folder holds a run with other settings.
 * @throws {RunFileError} If a file of the run is broken.
 */
export async function openRun<Position>(options: RunOptions): Promise<Run<Position>> {
  const lock = lockRun(options.outputDir);
  const files: OpenFiles = new Map();
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
  { outputDir, config, parseConfig, inputs, totalSteps, stepsKey, module, logs = [], validation }: RunOptions,
  files: OpenFiles,
  close: () => void,
): Promise<Run<Position>> {
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
  let best = saved?.best ?? null;
  const keepRules = () => ({
    keepLast: config.checkpoint.keep,
    best: config.checkpoint.keepBest && best ? best.step : null,
  });
  // a process may have been killed before it had removed all old checkpoints
  if (found) pruneCheckpoints(root, found.step, keepRules());
  const finished = remains?.finished;
  let step = found?.step ?? finished?.step ?? 0;
  let skippedInARow = saved?.skippedInARow ?? 0;
  const isOver = () => step >= totalSteps || (best?.stale ?? 0) >= (validation?.earlyStop?.patience ?? Infinity);
  const done = finished ? true : isOver() && existsSync(join(modelDir, "config.json"));
  if (found && !done) verifyCheckpoint(found.folder);
  // a finished run that goes on: its model stays, under another name
  if (found && !done && existsSync(modelDir)) publishFolder(modelDir, `${modelDir}-${step}`);
  const began = performance.now() - 1000 * (saved?.secondsElapsed ?? 0);
  const secondsElapsed = () => Math.round(performance.now() - began) / 1000;
  for (const name of [metricsFile, ledgerFile, ...logs] as const) {
    if (!finished) mendLines(join(outputDir, name), StepOfLine, { keep: (line) => line.step <= step });
    files.set(name, openLog(join(outputDir, name)));
  }
  const append: Run<Position>["append"] = (log, record) => writerOf(files, log).write({ step: step + 1, ...record });
  const totals = saved?.ledger ?? finished?.ledger ?? { trained: 0, byCode: {} };
  const ledger = createLedger(config.maxFailedShare, totals, ({ problemId, code, reason }) =>
    append(ledgerFile, { problemId, outcome: ledgerCodes[code].outcome, code, reason }),
  );
  const begin = () => {
    const standing = { step, totalSteps, ledger: ledger.totals() };
    const manifest = openManifest(outputDir, { ...settings, ...standing, code: codeVersion(module) });
    const records = readMetrics(outputDir);
    files.set("events", openEventFile(outputDir, records, { started: manifest.started, now: Date.now() }));
    return manifest;
  };
  const manifest = done ? undefined : begin();
  const last = manifest?.earlierTotals.at(-1);
  /** Records trained and not, at each checkpoint from the newest on that is safe. */
  const begun = new Map<number, LedgerTotals>();

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
    earlierTotalSteps: last?.untilStep === step ? last.totalSteps : undefined,
    get isOver() {
      return isOver();
    },
    get isValidationDue() {
      return validation !== undefined && ((step + 1) % validation.everySteps === 0 || step + 1 === totalSteps);
    },
    setEngine: (engine) => manifest?.setEngine(engine),
    leaveOut(records) {
      if (found) return;
      const entries = records.map(({ problemId, place, message }) => {
        return { problemId: problemId ?? `record ${place.index}`, code: "RECORD_INVALID", reason: message } as const;
      });
      ledger.batch(0, entries);
    },
    append,
    endStep({ trained, others, metrics, validation: validated }) {
      ledger.batch(trained, others);
      if (metrics) skippedInARow = 0;
      if (metrics || validated) {
        const measured = Object.entries(validated?.metrics ?? {}).map(([name, value]) => [`validation/${name}`, value]);
        const clock = { secondsElapsed: secondsElapsed() };
        const record = { ...metrics, ...Object.fromEntries(measured), ...ledger.counts(), ...clock };
        for (const log of [metricsFile, "events"] as const) append(log, record);
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
          position,
          skippedInARow,
          best,
          ledger: ledger.totals(),
          secondsElapsed: secondsElapsed(),
        };
        begun.set(step, state.ledger);
        const { safeStep } = await save({ root, step, state, ...keepRules(), wait: isOver() || signal.aborted });
        if (safeStep !== null) manifest?.update({ step: safeStep, ledger: begun.get(safeStep)! });
        for (const older of begun.keys()) if (older < (safeStep ?? 0)) begun.delete(older);
      }
      if (!isOver()) signal.throwIfAborted();
    },
    end(error) {
      try {
        manifest?.end(runEnd(error, isOver()));
      } catch (cause) {
        if (error === undefined) throw cause; // else the caller reports the first error, of which this may be a consequence
      } finally {
        close();
      }
    },
  };
}

/** The open file of a log. The cast holds because `openLocked` opens every file under its own name. */
const writerOf = <Name extends keyof RunLines>(files: OpenFiles, log: Name) =>
  files.get(log) as LineLog<object> as LineLog<RunLines[Name] & { step: number }>;
