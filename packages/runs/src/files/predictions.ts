import { join } from "node:path";
import { z } from "zod";
import { ItemOutcome, ReadingLine } from "./benchmark-evaluation.ts";
import { mendLines, type ReadLinesOptions, readLines, writeLines } from "./json-lines.ts";
import { questionFields, share } from "./question.ts";

/** Fields that grade an answer without the records. */
const question = {
  problemId: questionFields.problemId,
  problemType: questionFields.problemType,
  solution: questionFields.solution,
  /** The record's task within its benchmark, or its data source. */
  task: z.string(),
  /** The benchmark that `problemId` is an item of; absent for other records. */
  benchmark: z.string().optional(),
};

/** Where the frames of one clip come from. */
const ClipFrames = z.object({
  /** Display positions of the frames in the file, in the order in which the model saw them. */
  indices: z.array(z.int().min(0)),
  /** Seconds from the video's first frame to each; videos only. */
  timestamps: z.array(z.number()).optional(),
});

/** The question was asked, and the model said `output`. */
const answered = {
  status: z.literal("answered"),
  output: z.string(),
  /** Whether the model ended its answer or the limit did; absent where the engine does not say. */
  finishReason: z.enum(["stop", "length"]).optional(),
  completionTokens: z.int().min(0).optional(),
  /** What the model saw, clip by clip. */
  clips: z.array(ClipFrames).optional(),
};

/** The question could not be asked; `code` is the error's, e.g. `MEDIA_NOT_FOUND`. */
const failed = { status: z.literal("failed"), reason: z.string(), code: z.string().optional() };

/** One line of `<name>/ordered.jsonl` or `<name>/shuffled.jsonl` of an evaluation: how one question ended, ungraded. */
export const PredictionLine = z.discriminatedUnion("status", [
  z.object({ ...question, ...answered }),
  z.object({ ...question, ...failed }),
]);
export type PredictionLine = z.infer<typeof PredictionLine>;

const graded = {
  ...question,
  ...questionFields,
  /** The answer in the output's tags, or the whole output if there is none; "" where the question could not be asked. */
  prediction: z.string(),
  /** `<think>…</think>`; absent if the output holds no thinking. */
  process: z.string().optional(),
  /** A question that could not be asked counts as wrong. */
  score: share,
  /** Whether the score is 1. */
  correct: z.boolean(),
  /** The answer and score with shuffled frames; absent where they were not asked for, null where there was no answer. */
  shuffledOutput: z.string().nullish(),
  shuffledScore: share.nullish(),
  /** Of a benchmark's item: how it ended, what it counts among, how each scorer read it, and its scores in other orders. */
  outcome: ItemOutcome.optional(),
  groups: z.record(z.string(), z.string()).optional(),
  readings: z.record(z.string(), ReadingLine).optional(),
  compared: z.record(z.string(), z.object({ output: z.string().nullable(), score: share })).optional(),
};

/** One line of `<name>.predictions.jsonl`: a question, its answer and its grade. */
export const GradedPredictionLine = z.discriminatedUnion("status", [
  z.object({ ...graded, ...answered }),
  z.object({ ...graded, ...failed }),
]);
export type GradedPredictionLine = z.infer<typeof GradedPredictionLine>;

/** The file of an evaluation's graded predictions. */
export const predictionsPath = (folder: string, name: string): string => join(folder, `${name}.predictions.jsonl`);

/**
 * Every graded prediction of an evaluation, in the order of its records.
 *
 * @throws {RunFileError} As `readLines`.
 */
export const readPredictions = (folder: string, name: string, options?: ReadLinesOptions): GradedPredictionLine[] =>
  readLines(predictionsPath(folder, name), GradedPredictionLine, options);

/** Writes the graded predictions of an evaluation; after a crash the file is the old one or the new one. */
export function writePredictions(folder: string, name: string, lines: readonly GradedPredictionLine[]): void {
  writeLines(predictionsPath(folder, name), lines);
}

/**
 * The answers that an evaluation has stored. Removes a last line that was cut short, so that `openLog` can append to the
 * file.
 *
 * @throws {RunFileError} `RUN_FILE_BROKEN`, with the line.
 */
export const mendAnswers = (path: string): PredictionLine[] =>
  mendLines(path, PredictionLine, {
    hint: "Delete the line to have its question asked again, or write to a new file.",
  });
