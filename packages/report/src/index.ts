export { buildReport, type ReportOptions } from "./build-report.ts";
export { RunFileError } from "./errors.ts";
export { decimal, percent, points } from "./format.ts";
export { readBench } from "./read-run.ts";
export { Prediction, Rollouts } from "./run-schema.ts";
export { readMainJob, readStudy, type Study } from "./study.ts";
export { taskOf } from "./task-table.ts";
