export { AblationConfig } from "./config.ts";
export type { ArmRun } from "./plan-runs.ts";
export type { RunRecord } from "./run-record.ts";
