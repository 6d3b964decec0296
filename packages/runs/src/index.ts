export { checkpointSteps, type LoadedCheckpoint, loadCheckpoint, verifyCheckpoint } from "./checkpoint.ts";
export { CheckpointError, type CheckpointErrorCode, diskHint } from "./checkpoint-error.ts";
export { CodeVersion, codeVersion } from "./code-version.ts";
export { listFiles, replaceFile, writeFolder } from "./durable.ts";
export { failureEntry } from "./failure-entry.ts";
export {
  BenchSummary,
  readBenchSummary,
  ScoreRow,
  ScoreSummary,
  summaryPath,
  writeBenchSummary,
} from "./files/bench-summary.ts";
export { BenchmarkEvaluation, ItemOutcome, itemOutcomes, ReadingLine } from "./files/benchmark-evaluation.ts";
export { type LineLog, mendLines, openLog, type ReadLinesOptions, readLines, writeLines } from "./files/json-lines.ts";
export { JsonNumber } from "./files/json-number.ts";
export { LedgerLine, ledgerFile, readLedger } from "./files/ledger-file.ts";
export {
  EngineRecord,
  Manifest,
  manifestFile,
  RunEnd,
  RunProcess,
  readManifest,
  totalStepsAt,
} from "./files/manifest.ts";
export { isMachineMetric, MetricsLine, metricsFile, readMetrics } from "./files/metrics.ts";
export {
  GradedPredictionLine,
  mendAnswers,
  PredictionLine,
  predictionsPath,
  readPredictions,
  writePredictions,
} from "./files/predictions.ts";
export type { ProblemId } from "./files/question.ts";
export {
  RolloutGroupLine,
  RolloutGroupText,
  RolloutLine,
  readRollouts,
  readRolloutTexts,
  rolloutsFile,
  TrainedRolloutLine,
} from "./files/rollouts.ts";
export { readRunFile, readRunText } from "./files/run-file.ts";
export { RunFileError, type RunFileErrorCode } from "./files/run-file-error.ts";
export { readValidationAnswers, ValidationAnswer, validationFile } from "./files/validation-answers.ts";
export {
  type Ledger,
  type LedgerCode,
  type LedgerCounts,
  type LedgerEntry,
  LedgerTotals,
  ledgerCodes,
  TooManyFailuresError,
} from "./ledger.ts";
export { finiteStep, NonFiniteLossError, NonFiniteStepError, OnNonFinite } from "./non-finite-step.ts";
export { openRun } from "./run.ts";
export type { CheckpointRequest, Run, RunLines, RunOptions, Validated } from "./run-interface.ts";
export { lockRun, type RunLock } from "./run-lock.ts";
export { CheckpointOptions, ValidationOptions } from "./run-options.ts";
export { type RunPeers, RunPeersError, type RunPeersErrorCode } from "./run-peers.ts";
export {
  type KeepSettingsOptions,
  keepSettings,
  RunConfigError,
  RunSettings,
  readSettings,
  runSettings,
} from "./run-settings.ts";
export { beginCheckpoint, type CheckpointContent, type DeferWrites, saveCheckpoint } from "./save-checkpoint.ts";
export { beginShards, type CheckpointRanks } from "./save-shards.ts";
