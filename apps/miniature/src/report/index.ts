export { buildReport, type ReportOptions } from "./build-report.ts";
export { RunFileError } from "./errors.ts";
