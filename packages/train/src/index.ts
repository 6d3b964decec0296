export { type GradientAccumulator, gradientAccumulator } from "./accumulate.ts";
export { type AdamW, type AdamWOptions, adamw } from "./adamw.ts";
export {
  type CheckpointContent,
  checkpointSteps,
  type LoadedCheckpoint,
  loadCheckpoint,
  saveCheckpoint,
} from "./checkpoint.ts";
export { CheckpointError, type CheckpointErrorCode } from "./checkpoint-error.ts";
export { clipByGlobalNorm, NonFiniteGradientError } from "./clip.ts";
export { loadConfig } from "./config.ts";
export { ConfigError, type ConfigIssue } from "./config-error.ts";
export {
  averageShards,
  type GradientLayout,
  type GradientShard,
  gradientLayout,
  gradientShard,
  packGradients,
  shardBytes,
  unpackGradients,
} from "./data-parallel.ts";
export type { Gradients } from "./gradients.ts";
export { MetricsError, type MetricsLog, type MetricsRecord, openMetrics, readMetrics } from "./metrics-log.ts";
export { CheckpointOptions, EngineOptions, OptimizerOptions } from "./options.ts";
export { formatDuration, type Progress, type ProgressOptions, type ProgressOutput, progress } from "./progress.ts";
export { createReplica, type Replica } from "./replica.ts";
export { lockRun, type RunLock } from "./run-lock.ts";
export { learningRateAt, type Schedule } from "./schedule.ts";
export { type RandomState, type RandomStream, randomStream, restoreStream } from "./seed.ts";
export { type Calls, type Handlers, serveWorker, WorkerError, type WorkerPool, workerPool } from "./worker-pool.ts";
