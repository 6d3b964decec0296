import { join } from "node:path";
import { z } from "zod";
import { replaceFile } from "../durable.ts";
import { BenchmarkEvaluation } from "./benchmark-evaluation.ts";
import { share } from "./question.ts";
import { readRunFile } from "./run-file.ts";

/** A mean over `n` questions and its 95 % interval. */
const MeanEstimate = z.object({ n: z.int().min(1), mean: share, low: share, high: share });

/** Scores over a set of questions. One that could not be asked counts as wrong. */
export const ScoreRow = z.object({
  name: z.string(),
  n: z.int().min(0),
  failed: z.int().min(0),
  /** Mean accuracy over all questions but regression; absent if there are none. */
  accuracy: MeanEstimate.optional(),
  /** Mean over regression questions of relative accuracy, or of relative closeness under `grading: "training"` or `"safe"`. */
  regression: MeanEstimate.optional(),
});
export type ScoreRow = z.infer<typeof ScoreRow>;

/** Scores of an evaluation with the frames in one order. */
export const ScoreSummary = z.object({
  overall: ScoreRow,
  /** By problem type and by task, in order of first appearance. */
  types: z.array(ScoreRow),
  tasks: z.array(ScoreRow),
  /** Unweighted mean of the tasks' mean scores: a task counts once however many questions it has. */
  taskMean: share,
  /** The benchmark's own number, by its metric. */
  score: share,
});
export type ScoreSummary = z.infer<typeof ScoreSummary>;

/** `<name>.json` of an evaluation. */
export const BenchSummary = z.object({
  name: z.string(),
  /** Folder of the evaluated model. */
  model: z.string(),
  /** The benchmark whose metric makes the score; null or absent: accuracy. */
  benchmark: z.string().nullish(),
  /** Rules that the answers were graded by. */
  grading: z.enum(["video-r1", "training", "safe"]),
  /** The options of grading "safe" that were not as by default; absent: none. */
  gradingOptions: z.record(z.string(), z.boolean()).optional(),
  /** Number of frames of every video; null where a frame rate decided. */
  nframes: z.union([z.int(), z.array(z.int())]).nullable(),
  ordered: ScoreSummary,
  /** Scores of the videos, asked again with shuffled frames; null if they were not. */
  shuffled: ScoreSummary.nullable(),
  /** Of a benchmark that was read from its own files. */
  evaluation: BenchmarkEvaluation.optional(),
});
export type BenchSummary = z.infer<typeof BenchSummary>;

/** The file of an evaluation's summary. */
export const summaryPath = (folder: string, name: string): string => join(folder, `${name}.json`);

/** @throws {RunFileError} `RUN_FILE_MISSING` or `RUN_FILE_BROKEN`. */
export const readBenchSummary = (folder: string, name: string): BenchSummary =>
  readRunFile(summaryPath(folder, name), JSON.parse, BenchSummary);

/** Writes the summary of an evaluation; after a crash the file is the old one or the new one. */
export function writeBenchSummary(folder: string, summary: BenchSummary): void {
  replaceFile(summaryPath(folder, summary.name), `${JSON.stringify(summary, null, 1)}\n`);
}
