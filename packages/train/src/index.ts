export { type AdamW, type AdamWOptions, adamw } from "./adamw.ts";
export {
  type CheckpointContent,
  checkpointSteps,
  type LoadedCheckpoint,
  loadCheckpoint,
  saveCheckpoint,
} from "./checkpoint.ts";
export { CheckpointError, type CheckpointErrorCode } from "./checkpoint-error.ts";
export { clipFactor, NonFiniteGradientError } from "./clip.ts";
export { type CodeVersion, codeVersion } from "./code-version.ts";
export { loadConfig } from "./config.ts";
export { ConfigError, type ConfigIssue } from "./config-error.ts";
export { describeError } from "./describe-error.ts";
export { replaceFile, writeFolder } from "./durable.ts";
export { failureEntry } from "./failure-entry.ts";
export type { Gradients } from "./gradients.ts";
export {
  type Ledger,
  type LedgerCode,
  type LedgerCounts,
  type LedgerEntry,
  type LedgerTotals,
  ledgerCodes,
  TooManyFailuresError,
} from "./ledger.ts";
export { ledgerTable } from "./ledger-table.ts";
export type { EngineRecord, Manifest, RunProcess } from "./manifest.ts";
export { mapAhead } from "./map-ahead.ts";
export { MetricsError, type MetricsLog, type MetricsRecord, openMetrics, readMetrics } from "./metrics-log.ts";
export { finiteStep, NonFiniteLossError, NonFiniteStepError, OnNonFinite } from "./non-finite-step.ts";
export {
  CheckpointOptions,
  Dtype,
  EngineOptions,
  OptimizerOptions,
  scheduleOf,
  ValidationOptions,
  workerEngine,
} from "./options.ts";
export { formatDuration, type Progress, type ProgressOptions, type ProgressOutput, progress } from "./progress.ts";
export { createReplica, type Replica, type ReplicaOptions } from "./replica.ts";
export { openRun } from "./run.ts";
export { type App, type AppOptions, runApp } from "./run-app.ts";
export type { CheckpointRequest, Run, RunOptions, Validated } from "./run-interface.ts";
export { lockRun, type RunLock } from "./run-lock.ts";
export { keepSettings, RunConfigError, type RunSettings, runSettings } from "./run-settings.ts";
export { learningRateAt, type Schedule } from "./schedule.ts";
export { splitEvenly } from "./split-evenly.ts";
export { WorkerError } from "./worker-error.ts";
export { type Calls, type Handlers, serveWorker, type WorkerPool, workerPool } from "./worker-pool.ts";
