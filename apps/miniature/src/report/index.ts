export { buildReport, type ReportOptions } from "./build-report.ts";
export { RunFileError } from "./errors.ts";
export { readMainJob, readStudy, type Study } from "./study.ts";
