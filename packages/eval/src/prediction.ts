import type { Example } from "@videor1/data";
import type { PredictionLine } from "@videor1/runs";

/** What a benchmark needs to know of a record; the answerer may ask for more. */
export type BenchmarkExample = Pick<
  Example,
  "problemId" | "problemType" | "solution" | "dataSource" | "originalQuestionType"
>;

/** How one record ended: with the model's raw output, or with the reason why there is none. */
export type Prediction = PredictionLine;

/** The question that a prediction belongs to, enough to grade it without the records. */
export type Question = Pick<Prediction, "problemId" | "problemType" | "solution" | "task">;

export function questionOf({ problemId, problemType, solution, ...rest }: BenchmarkExample): Question {
  return { problemId, problemType, solution, task: rest.originalQuestionType ?? rest.dataSource };
}
