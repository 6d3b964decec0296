import { join } from "node:path";
import { nextBest } from "./best-so-far.ts";
import { claimRun, isStale, type Standing } from "./claim-run.ts";
import { ledgerFile } from "./files/ledger-file.ts";
import { metricsFile } from "./files/metrics.ts";
import { createLedger, type LedgerTotals, ledgerCodes } from "./ledger.ts";
import { mostSkippedInARow, NonFiniteStepError } from "./non-finite-step.ts";
import { runEnd } from "./run-end.ts";
import { mute, openFiles, type RunFiles } from "./run-files.ts";
import type { Run, RunOptions } from "./run-interface.ts";
import { lockFile } from "./run-lock.ts";
import { byRank0, checkSameFolder, checkSamePlace, checkSameSettings, noPeers, type RunPeers } from "./run-peers.ts";
import type { SavedState } from "./saved-state.ts";

/**
 * Opens a run's folder: locks it, finds the checkpoint to resume from, compares the settings with those of the checkpoint,
 * and cuts the logs back to it, so that a resumed run leaves the same lines as an unbroken one. Of several processes rank 0 does
 * so, and tells the others what it found; their `Run` keeps the same account and writes nothing.
 *
 * A folder whose final model is there holds a finished run, also without checkpoints.
 *
 * @throws {CheckpointError} If another process uses the folder, it cannot be written, or the checkpoint is damaged or gone.
 * @throws {RunConfigError} If the folder holds a run with other settings.
 * @throws {RunFileError} If a file of the run is broken.
 * @throws {RunPeersError} If the processes do not have the same settings and the same folder, or rank 0 threw one of the above.
 */
export async function openRun<Position>(options: RunOptions, peers: RunPeers = noPeers): Promise<Run<Position>> {
  await checkSameSettings(peers, options.config, options.inputs);
  let files: RunFiles = mute;
  try {
    await byRank0(peers, () => {
      files = openFiles(options.outputDir);
    });
    await checkSameFolder(peers, options.outputDir, lockFile);
    const standing = await byRank0(peers, () => claimRun<Position>(options, files));
    return runFrom(options, standing, files, peers);
  } catch (error) {
    files.close();
    throw error;
  }
}

function runFrom<Position>(
  { outputDir, config, totalSteps, validation }: RunOptions,
  { checkpoint, saved, totals, done, earlierTotalSteps, ...standing }: Standing<Position>,
  files: RunFiles,
  peers: RunPeers,
): Run<Position> {
  const root = join(outputDir, "checkpoints");
  let { step } = standing;
  let best = saved?.best ?? null;
  let skippedInARow = saved?.skippedInARow ?? 0;
  const isOver = () => step >= totalSteps || isStale(best, validation);
  const began = performance.now() - 1000 * (saved?.secondsElapsed ?? 0);
  const secondsElapsed = () => Math.round(performance.now() - began) / 1000;
  const append: Run<Position>["append"] = (log, record) => files.append(log, { step: step + 1, ...record });
  const ledger = createLedger(config.maxFailedShare, totals, ({ problemId, code, reason }) =>
    append(ledgerFile, { problemId, outcome: ledgerCodes[code].outcome, code, reason }),
  );
  /** Records trained and not, at each checkpoint from the newest on that is safe. */
  const begun = new Map<number, LedgerTotals>();
  /** Whether one of the processes is to stop. @throws {RunPeersError} If they are not at the same place. */
  const isStopped = async (signal: AbortSignal) => {
    if (peers.size === 1) return signal.aborted;
    const places = await peers.gather("run", { step, counts: ledger.counts(), isStopped: signal.aborted });
    checkSamePlace(places);
    return places.some(({ isStopped }) => isStopped);
  };
  const stop = (signal: AbortSignal): never => {
    signal.throwIfAborted();
    throw new DOMException("Stopped by the user.", "AbortError"); // of another process
  };

  return {
    modelDir: join(outputDir, "model"),
    done,
    checkpoint,
    position: saved?.position,
    ledger,
    get step() {
      return step;
    },
    totalSteps,
    earlierTotalSteps,
    get isOver() {
      return isOver();
    },
    get isValidationDue() {
      return validation !== undefined && ((step + 1) % validation.everySteps === 0 || step + 1 === totalSteps);
    },
    setEngine: (engine) => files.manifest?.setEngine(engine),
    leaveOut(records) {
      if (checkpoint !== undefined) return;
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
    async throwIfStopped(signal) {
      if (await isStopped(signal)) stop(signal);
    },
    async checkpointIfDue(position, signal, save) {
      const isStopping = await isStopped(signal);
      const isBest = config.checkpoint.keepBest && best?.step === step;
      if (step % config.checkpoint.everySteps === 0 || isBest || isOver() || isStopping) {
        const state: SavedState<Position> = {
          position,
          skippedInARow,
          best,
          ledger: ledger.totals(),
          secondsElapsed: secondsElapsed(),
        };
        begun.set(step, state.ledger);
        const { safeStep } = await save({
          root,
          step,
          state,
          keepLast: config.checkpoint.keep,
          best: config.checkpoint.keepBest && best ? best.step : null,
          wait: isOver() || isStopping,
        });
        if (safeStep !== null) files.manifest?.update({ step: safeStep, ledger: begun.get(safeStep)! });
        for (const older of begun.keys()) if (older < (safeStep ?? 0)) begun.delete(older);
      }
      const isAskedNow = peers.size === 1 && signal.aborted; // while the checkpoint was begun
      if ((isStopping || isAskedNow) && !isOver()) stop(signal);
    },
    end(error) {
      try {
        files.manifest?.end(runEnd(error, isOver()));
      } catch (cause) {
        if (error === undefined) throw cause; // else the caller reports the first error, of which this may be a consequence
      } finally {
        files.close();
      }
    },
  };
}
