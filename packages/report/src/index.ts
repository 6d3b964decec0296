export { RunFileError } from "@videor1/runs";
export { type BonusEffect, bonusEffect } from "./bonus-effect.ts";
export { buildReport, type ReportOptions } from "./build-report.ts";
export { type CompleteLine, type Curve, completeLines, type Line } from "./curve.ts";
export type { Finding } from "./finding.ts";
export { inWords, points, withPercent } from "./format.ts";
export type {
  MarkedWord,
  NotedCurve,
  NotedFigure,
  NotedTrait,
  PageNotes,
  ReportNotes,
  Shown,
} from "./notes.ts";
export { type Bench, type RlRun, type RlSettings, type RlSettingsSchema, readBench } from "./read-run.ts";
export { reportCommand } from "./report-command.ts";
export type { Prediction, Rollouts } from "./run-schema.ts";
export { decimal, signedDecimal } from "./shared/units.ts";
export { type Arm, type ArmRun, readMainJob, readStudy, type Study, type StudyOptions } from "./study.ts";
export { taskOf } from "./task-table.ts";
