import type { ProblemType } from "@videor1/rewards";
import type { GradedPrediction } from "../src/grade.ts";

/** A graded answer with only the fields that the numbers depend on set by the test. */
export function graded(problemId: number, score: number, problemType: ProblemType, task = "task"): GradedPrediction {
  const question = { problemId, problemType, solution: "<answer></answer>", task };
  return { ...question, status: "answered", output: "", prediction: "", score, correct: score === 1 };
}

export function failure(problemId: number, problemType: ProblemType, task = "task"): GradedPrediction {
  const question = { problemId, problemType, solution: "<answer></answer>", task };
  return { ...question, status: "failed", reason: "no video", prediction: "", score: 0, correct: false };
}
