import { join } from "node:path";
import { z } from "zod";
import { type ReadLinesOptions, readLines } from "./json-lines.ts";
import { JsonNumber } from "./json-number.ts";
import { problemId } from "./question.ts";

export const validationFile = "validation.jsonl";

/** One line of validation.jsonl: the answer to one held-back prompt in the validation that a step ended with. */
export const ValidationAnswer = z.object({
  step: z.int().min(1),
  problemId,
  text: z.string(),
  /** Length of the answer, its end token included. */
  tokens: z.int().min(0),
  /** Parts of the reward by name, such as `accuracy` and `format`. */
  rewards: z.record(z.string(), JsonNumber),
  /** Why scoring the answer failed; absent where it did not. */
  failed: z.string().optional(),
});
export type ValidationAnswer = z.infer<typeof ValidationAnswer>;

/**
 * Every line of a run's validation.jsonl, steps ascending.
 *
 * @throws {RunFileError} As `readLines`.
 */
export const readValidationAnswers = (folder: string, options?: ReadLinesOptions): ValidationAnswer[] =>
  readLines(join(folder, validationFile), ValidationAnswer, options);
