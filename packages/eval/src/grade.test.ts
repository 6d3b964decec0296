import { readFileSync } from "node:fs";
import type { ProblemType } from "@videor1/rewards";
import { describe, expect, test } from "vitest";
import { gradePrediction, gradePredictions } from "./grade.ts";

interface Golden {
  source: { repo: string; commit: string };
  tolerance: { eval: number };
  cases: {
    id: string;
    type: string;
    completion: string;
    solution: string;
    expected_eval: number;
    expected_eval_prediction: string;
    expected_eval_process: string | null;
  }[];
}

// The rewards package keeps the recorded cases; they hold the result of eval_bench.py too.
const file = new URL("../../rewards/test/golden/rewards.json", import.meta.url);
const golden = JSON.parse(readFileSync(file, "utf8")) as Golden;

describe(`as ${golden.source.repo}@${golden.source.commit} eval_bench.py`, () => {
  test.each(golden.cases)("$id $type", ({ completion, solution, type, ...expected }) => {
    const grade = gradePrediction(completion, solution, type as ProblemType);
    expect(Math.abs(grade.score - expected.expected_eval)).toBeLessThanOrEqual(golden.tolerance.eval);
    expect(grade.prediction).toBe(expected.expected_eval_prediction);
    expect(grade.process ?? null).toBe(expected.expected_eval_process);
    expect(grade.correct).toBe(expected.expected_eval === 1);
  });

  test("all 753 recorded cases are here", () => expect(golden.cases).toHaveLength(753));
});

describe("grading by the training rewards", () => {
  test.each<{ type: ProblemType; output: string; truth: string; benchmark: number; training: number }>([
    { type: "OCR", output: "<answer>a b</answer>", truth: "a c", benchmark: 0, training: 0.5 },
    { type: "free-form", output: "<answer>one two</answer>", truth: "one two", benchmark: 0, training: 1 },
    {
      type: "regression",
      output: "<answer>10</answer>",
      truth: "8",
      benchmark: 0.5,
      training: 1 - (2 + 1e-9) / (8 + 1e-9),
    },
    { type: "regression", output: "10", truth: "10", benchmark: 1, training: 0 }, // no tags: training reads ""
    { type: "multiple choice", output: " B ", truth: "B", benchmark: 1, training: 1 },
    { type: "numerical", output: "3.14", truth: "3.14", benchmark: 1, training: 1 },
  ])("$type, $output for $truth", ({ type, output, truth, benchmark, training }) => {
    const solution = `<answer>${truth}</answer>`;
    expect(gradePrediction(output, solution, type).score).toBeCloseTo(benchmark, 6);
    expect(gradePrediction(output, solution, type, { grading: "training" }).score).toBeCloseTo(training, 12);
  });
});

test("the safe rewards with options, of all or of each", () => {
  const output = "<answer>\\boxed{blue}</answer>";
  const options = { markup: true, choices: ["A. red", "B. blue"] };
  const question = { problemId: 1, problemType: "multiple choice", solution: "<answer>B</answer>", task: "t" } as const;
  const score = (safeOptions?: typeof options) =>
    gradePrediction(output, question.solution, question.problemType, { grading: "safe", safeOptions }).score;
  expect([score(options), score()]).toEqual([1, 0]);
  const predictions = [1, 2].map((problemId) => ({ ...question, problemId, status: "answered" as const, output }));
  const graded = gradePredictions(predictions, {
    grading: "safe",
    safeOptions: ({ problemId }) => (problemId === 2 ? options : {}),
  });
  expect(graded.map(({ score }) => score)).toEqual([0, 1]);
});

describe("grading by the safe rewards", () => {
  test.each<{ type: ProblemType; output: string; truth: string; training: number; safe: number }>([
    { type: "regression", output: "<answer>nan</answer>", truth: "3", training: 1, safe: 0 },
    { type: "regression", output: "<answer>3</answer>", truth: "nan", training: 1, safe: 0 },
    { type: "regression", output: "<answer>3</answer>", truth: "inf", training: 1, safe: 0 },
    { type: "regression", output: "<answer>0</answer>", truth: "0", training: 0, safe: 1 },
    { type: "numerical", output: "<answer>3.0</answer>", truth: "3", training: 0, safe: 1 },
    { type: "numerical", output: "<answer>1,000</answer>", truth: "1000", training: 0, safe: 1 },
    { type: "multiple choice", output: "", truth: "", training: 1, safe: 0 },
    { type: "multiple choice", output: "<think>perhaps <answer>C</answer>", truth: "C", training: 1, safe: 0 },
    {
      type: "multiple choice",
      output: "perhaps <answer>B</answer></think><answer>C</answer>",
      truth: "C",
      training: 0,
      safe: 1,
    },
    { type: "multiple choice", output: " B ", truth: "B", training: 1, safe: 1 },
    { type: "OCR", output: "<answer>a b</answer>", truth: "a c", training: 0.5, safe: 0.5 },
    { type: "free-form", output: "<answer>one two</answer>", truth: "one two", training: 1, safe: 1 },
  ])("$type, $output for $truth", ({ type, output, truth, training, safe }) => {
    const solution = `<answer>${truth}</answer>`;
    expect(gradePrediction(output, solution, type, { grading: "training" }).score).toBe(training);
    expect(gradePrediction(output, solution, type, { grading: "safe" }).score).toBe(safe);
  });
});

test("a failed prediction is wrong and keeps its reason", () => {
  const question = { problemId: 1, problemType: "OCR", solution: "<answer></answer>", task: "t" } as const;
  expect(gradePredictions([{ ...question, status: "failed", reason: "no video" }], { grading: "training" })).toEqual([
    { ...question, status: "failed", reason: "no video", prediction: "", score: 0, correct: false },
  ]);
});
