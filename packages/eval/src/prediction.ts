import type { Example } from "@videor1/data";
import type { PredictionLine } from "@videor1/runs";

/** The fields of a record that a benchmark needs; the answerer may need more. */
export type BenchmarkExample = Pick<
  Example,
  "problemId" | "problemType" | "solution" | "dataSource" | "originalQuestionType"
> & {
  /** The benchmark that the record is an item of. */
  benchmark?: string | undefined;
};

/** What a model said: its raw output, and what else is known of it. */
export type Answer = Pick<
  Extract<PredictionLine, { status: "answered" }>,
  "output" | "finishReason" | "completionTokens" | "clips"
>;

/** The outcome of one record: the model's raw output, or the reason why there is none. */
export type Prediction = PredictionLine;

/** The fields of its question that a prediction carries, so that it can be graded without the records. */
export type Question = Pick<Prediction, "problemId" | "problemType" | "solution" | "task" | "benchmark">;

/** By which records and predictions are matched. */
export const keyOf = ({ problemId }: Pick<Prediction, "problemId">): string => String(problemId);

export function questionOf({ problemId, problemType, solution, benchmark, ...rest }: BenchmarkExample): Question {
  const task = rest.originalQuestionType ?? rest.dataSource;
  return { problemId, problemType, solution, task, ...(benchmark !== undefined && { benchmark }) }; // as the schema orders them
}
