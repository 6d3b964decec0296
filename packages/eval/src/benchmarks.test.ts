import { expect, test } from "vitest";
import { graded } from "../test/graded.ts";
import { paperBenchmarkNames } from "./benchmark-name.ts";
import { benchmarks } from "./benchmarks.ts";
import { summarize } from "./summarize.ts";

const rows = [graded(1, 1, "multiple choice", "order"), graded(2, 0.5, "regression", "distance")];

test("the relative accuracy of numbers counts in VSI-Bench's score alone", () => {
  const scores = paperBenchmarkNames.map((name) => [name, summarize(rows, { metric: benchmarks[name].metric }).score]);
  expect(scores.filter(([, score]) => score === 0.75)).toEqual([["vsi-bench", 0.75]]);
  expect(scores.filter(([, score]) => score === 1)).toHaveLength(5);
});
