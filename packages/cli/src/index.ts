export { loadConfig } from "./config.ts";
export { ConfigError, type ConfigIssue } from "./config-error.ts";
export { describeError } from "./describe-error.ts";
export { ledgerTable } from "./ledger-table.ts";
export { percent } from "./percent.ts";
export { formatDuration, type Progress, type ProgressOptions, type ProgressOutput, progress } from "./progress.ts";
export { renderTable, type TableOptions } from "./render-table.ts";
export { type App, type AppOptions, runApp } from "./run-app.ts";
