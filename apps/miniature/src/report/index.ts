export { buildReport, type ReportOptions } from "./build-report.ts";
export { RunFileError } from "./errors.ts";
export type { About } from "./facts.ts";
