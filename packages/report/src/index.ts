export { RunFileError } from "@videor1/runs";
export {
  type BenchmarkPageOptions,
  benchmarkPage,
} from "./benchmark/benchmark-page.ts";
export type { BenchmarkRun } from "./benchmark/benchmark-run.ts";
export { seenFrames } from "./benchmark/page/seen-frames.ts";
export type { FrameDecoder } from "./benchmark/page/shown-frames.ts";
export { buildReport, type ReportOptions } from "./build-report.ts";
export { type CompleteLine, type Curve, completeLines, type Line } from "./curves/curve.ts";
export type {
  MarkedWord,
  NotedCurve,
  NotedFigure,
  NotedTrait,
  PageNotes,
  ReportNotes,
  Shown,
} from "./notes.ts";
export { type Bench, type RlRun, type RlSettings, type RlSettingsSchema, readBench } from "./read/read-run.ts";
export type { Prediction, Rollouts } from "./read/run-schema.ts";
export { type Arm, type ArmRun, readMainJob, readStudy, type Study, type StudyOptions } from "./read/study.ts";
export { reportCommand } from "./report-command.ts";
export { type BonusEffect, bonusEffect } from "./rollouts/bonus-effect.ts";
export { decimal, signedDecimal } from "./shared/units.ts";
export { taskOf } from "./tables/task-table.ts";
export type { Finding } from "./words/finding.ts";
export { inWords, points, withPercent } from "./words/format.ts";
