export { checkpointSteps, type LoadedCheckpoint, loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
export { CheckpointError, type CheckpointErrorCode, diskHint } from "./checkpoint-error.ts";
export { type CodeVersion, codeVersion } from "./code-version.ts";
export { listFiles, replaceFile, writeFolder } from "./durable.ts";
export { failureEntry } from "./failure-entry.ts";
export {
  type Ledger,
  type LedgerCode,
  type LedgerCounts,
  type LedgerEntry,
  type LedgerTotals,
  ledgerCodes,
  TooManyFailuresError,
} from "./ledger.ts";
export type { EngineRecord, Manifest, RunProcess } from "./manifest.ts";
export { MetricsError, type MetricsLog, type MetricsRecord, openMetrics, readMetrics } from "./metrics-log.ts";
export { finiteStep, NonFiniteLossError, NonFiniteStepError, OnNonFinite } from "./non-finite-step.ts";
export { questionFields } from "./question-fields.ts";
export { openRun } from "./run.ts";
export type { CheckpointRequest, Run, RunOptions, Validated } from "./run-interface.ts";
export { lockRun, type RunLock } from "./run-lock.ts";
export { CheckpointOptions, ValidationOptions } from "./run-options.ts";
export { keepSettings, RunConfigError, type RunSettings, runSettings } from "./run-settings.ts";
