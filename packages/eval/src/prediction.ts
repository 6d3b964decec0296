import type { Example } from "@videor1/data";

/** What a benchmark needs to know of a record; the answerer may ask for more. */
export type BenchmarkExample = Pick<
  Example,
  "problemId" | "problemType" | "solution" | "dataSource" | "originalQuestionType"
>;

/** The question that a prediction belongs to, enough to grade it without the records. */
export interface Question extends Pick<Example, "problemId" | "problemType" | "solution"> {
  /** The record's task within its benchmark, or its data source. */
  task: string;
}

/** How one record ended: with the model's raw output, or with the reason why there is none. */
export type Prediction = Question & ({ status: "answered"; output: string } | { status: "failed"; reason: string });

export function questionOf({ problemId, problemType, solution, ...rest }: BenchmarkExample): Question {
  return { problemId, problemType, solution, task: rest.originalQuestionType ?? rest.dataSource };
}
