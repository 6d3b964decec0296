import { expect, test } from "vitest";
import { graded } from "../test/graded.ts";
import { benchmarks } from "./benchmarks.ts";
import { benchmarkNames } from "./published.ts";
import { formatReport } from "./report.ts";
import { summarize } from "./summarize.ts";

const rows = [graded(1, 1, "multiple choice", "order"), graded(2, 0.5, "regression", "distance")];

test("the relative accuracy of numbers counts in VSI-Bench's score alone", () => {
  const scores = benchmarkNames.map((name) => [name, summarize(rows, { metric: benchmarks[name].metric }).score]);
  expect(scores.filter(([, score]) => score === 0.75)).toEqual([["vsi-bench", 0.75]]);
  expect(scores.filter(([, score]) => score === 1)).toHaveLength(5);
});

test("a report shows the rows that report its benchmark, and no others", () => {
  const report = (name: keyof typeof benchmarks) =>
    formatReport(summarize(rows), { format: "plain", title: name, benchmark: benchmarks[name] });
  for (const name of benchmarkNames) expect(report(name)).toContain(`published, ${benchmarks[name].title}`);
  expect(report("mvbench")).toContain("LLaMA-VID");
  expect(report("vsi-bench")).not.toContain("LLaMA-VID"); // the paper leaves that cell empty
});
