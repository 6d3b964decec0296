import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse, stringify } from "yaml";
import { checkpointSteps, loadCheckpoint } from "./checkpoint.ts";
import { replaceFile } from "./durable.ts";
import { createLedger, type Ledger, type LedgerCounts } from "./ledger.ts";
import { type MetricsLog, openMetrics } from "./metrics-log.ts";
import { lockRun } from "./run-lock.ts";

/** A folder holds a run with other settings than those asked for now. */
export class RunConfigError extends Error {
  override readonly name = "RunConfigError";
  readonly code = "RUN_CONFIG_CHANGED";
  readonly outputDir: string;
  readonly hint = "Choose another outputDir, restore the settings, or delete the folder to start again.";

  constructor(outputDir: string, changed: readonly string[]) {
    super(`${outputDir} holds a run with other settings: ${changed.join(", ")}`);
    this.outputDir = outputDir;
  }
}

/** What a worker needs to write a checkpoint: of all replicas, which are equal, one writes. */
export interface CheckpointRequest {
  root: string;
  step: number;
  state: object;
  keepLast: number;
}

export interface RunOptions {
  outputDir: string;
  /** The resolved config: saved beside the results, and compared when a run goes on. */
  config: { checkpoint: { everySteps: number; keep: number }; maxFailedShare: number };
  totalSteps: number;
  /** JSONL files besides metrics.jsonl and failures.jsonl. */
  logs?: readonly string[];
}

/** A training run in its folder: where it stands, what it logs, when it saves. */
export interface Run<Position> {
  /** The folder of the trained model. */
  readonly modelDir: string;
  /** Whether an earlier process finished this run. */
  readonly done: boolean;
  /** Checkpoint that this process goes on from. */
  readonly checkpoint: string | undefined;
  /** Optimizer steps done. */
  readonly step: number;
  /** Where the data loader stood at the checkpoint. */
  readonly position: Position | undefined;
  readonly ledger: Ledger;
  /** Counts a step as done and writes its line of metrics.jsonl. */
  log(metrics: Record<string, unknown>): void;
  /** Adds a line about the step that is being made to another log. */
  append(log: string, record: object): void;
  /**
   * Saves a checkpoint if it is time, or if the run is being stopped.
   *
   * @throws The signal's reason, once it is aborted and the checkpoint is safe.
   */
  checkpointIfDue(
    position: Position,
    signal: AbortSignal,
    save: (request: CheckpointRequest) => Promise<object>,
  ): Promise<void>;
  close(): void;
}

interface SavedState<Position> {
  position: Position;
  ledger: LedgerCounts;
  secondsElapsed: number;
}

/**
 * Opens a run's folder: locks it, compares or saves the config, finds the checkpoint to go on from, and cuts the logs back
 * to it, so that a stopped and continued run leaves the same lines as an unbroken one.
 *
 * @throws {CheckpointError} If another process uses the folder, or it cannot be written.
 * @throws {RunConfigError} If the folder holds a run with other settings.
 */
export function openRun<Position>({ outputDir, config, totalSteps, logs = [] }: RunOptions): Run<Position> {
  mkdirSync(outputDir, { recursive: true });
  const lock = lockRun(outputDir);
  try {
    keepConfig(outputDir, config);
  } catch (error) {
    lock.release();
    throw error;
  }
  const root = join(outputDir, "checkpoints");
  const modelDir = join(outputDir, "model");
  const found = checkpointSteps(root).length > 0 ? loadCheckpoint(root) : undefined;
  found?.optimizer.close();
  const saved = found?.state as SavedState<Position> | undefined;
  let step = found?.step ?? 0;
  const began = performance.now() - 1000 * (saved?.secondsElapsed ?? 0);
  const secondsElapsed = () => Math.round(performance.now() - began) / 1000;

  const files = new Map<string, MetricsLog>();
  for (const name of ["metrics.jsonl", "failures.jsonl", ...logs])
    files.set(name, openMetrics(join(outputDir, name), { resumeStep: step }));
  const append = (log: string, record: object) => files.get(log)!.write({ step: step + 1, ...record });
  const ledger = createLedger(config.maxFailedShare, saved?.ledger ?? { trained: 0, failed: 0 }, (failure) =>
    append("failures.jsonl", failure),
  );

  return {
    modelDir,
    done: step >= totalSteps && existsSync(join(modelDir, "config.json")),
    checkpoint: found?.folder,
    position: saved?.position,
    ledger,
    get step() {
      return step;
    },
    append,
    log(metrics) {
      append("metrics.jsonl", { ...metrics, ...ledger.counts(), secondsElapsed: secondsElapsed() });
      step++;
    },
    async checkpointIfDue(position, signal, save) {
      const due = step % config.checkpoint.everySteps === 0 || step >= totalSteps || signal.aborted;
      if (due) {
        const state: SavedState<Position> = { position, ledger: ledger.counts(), secondsElapsed: secondsElapsed() };
        await save({ root, step, state, keepLast: config.checkpoint.keep });
      }
      if (step < totalSteps) signal.throwIfAborted();
    },
    close() {
      for (const file of files.values()) file.close();
      lock.release();
    },
  };
}

/** Settings that may differ between the parts of one run: they do not change its results. */
const free = new Set(["engine", "checkpoint", "outputDir"]);

function keepConfig(outputDir: string, config: object): void {
  const path = join(outputDir, "config.yaml");
  const plain = JSON.parse(JSON.stringify(config)) as Record<string, unknown>;
  if (existsSync(path)) {
    const earlier = parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    const changed = [...new Set([...Object.keys(plain), ...Object.keys(earlier)])].filter(
      (key) => !free.has(key) && !isDeepStrictEqual(plain[key], earlier[key]),
    );
    if (changed.length > 0) throw new RunConfigError(outputDir, changed);
  }
  replaceFile(path, stringify(plain));
}

/** Writes a folder through a temporary twin, so that it is there whole or not at all. */
export async function writeFolder(folder: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${folder}.tmp-${process.pid}`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  await write(temporary);
  rmSync(folder, { recursive: true, force: true });
  renameSync(temporary, folder);
}
