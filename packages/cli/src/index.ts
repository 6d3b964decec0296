export { loadConfig } from "./config.ts";
export { ConfigError, type ConfigIssue } from "./config-error.ts";
export { describeConfig } from "./describe-config.ts";
export { describeError } from "./describe-error.ts";
export { engineLine } from "./engine-line.ts";
export { ledgerTable } from "./ledger-table.ts";
export { makeRun } from "./make-run.ts";
export { parametersLine } from "./parameters-line.ts";
export { percent } from "./percent.ts";
export {
  formatBytes,
  formatDuration,
  type Progress,
  type ProgressOptions,
  type ProgressOutput,
  progress,
} from "./progress.ts";
export { renderTable, type TableOptions } from "./render-table.ts";
export { type App, type AppOptions, type PlanOptions, runApp } from "./run-app.ts";
