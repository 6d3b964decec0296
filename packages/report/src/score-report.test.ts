import { benchmarks, type GradedPrediction, paperBenchmarkNames, summarize } from "@videor1/eval";
import { expect, test } from "vitest";
import { scoreReport } from "./score-report.ts";

function graded(
  problemId: number,
  score: number,
  problemType: GradedPrediction["problemType"],
  task: string,
): GradedPrediction {
  const question = { problemId, problemType, solution: "<answer></answer>", task };
  return { ...question, status: "answered", output: "", prediction: "", score, correct: score === 1 };
}
const { output: _, ...failed } = graded(2, 0, "multiple choice", "order|time") as GradedPrediction & { output: string };

const summary = summarize([
  graded(1, 1, "multiple choice", "order|time"),
  { ...failed, status: "failed", reason: "no video" },
  graded(3, 0.7, "regression", "distance"),
]);

test("for a terminal", () => {
  expect(scoreReport(summary, { format: "plain", title: "VSI-Bench" })).toMatchInlineSnapshot(`
    "VSI-Bench

    score 50.0, mean over tasks 60.0, 3 records, 1 failed

    problem type       n  failed          accuracy                MRA
    ---------------  ---  ------  ----------------  -----------------
    multiple choice    2       1  50.0 [9.5, 90.5]
    regression         1       0                    70.0 [10.3, 97.9]
    all                3       1  50.0 [9.5, 90.5]  70.0 [10.3, 97.9]

    task          n  failed          accuracy                MRA
    ----------  ---  ------  ----------------  -----------------
    order|time    2       1  50.0 [9.5, 90.5]
    distance      1       0                    70.0 [10.3, 97.9]
    "
  `);
});

test("for a document", () => {
  expect(scoreReport(summary, { format: "markdown", title: "Miniature", grading: "training" })).toMatchInlineSnapshot(`
    "## Miniature

    score 50.0, mean over tasks 60.0, 3 records, 1 failed

    | problem type    |   n | failed |         accuracy |         closeness |
    | --------------- | --: | -----: | ---------------: | ----------------: |
    | multiple choice |   2 |      1 | 50.0 [9.5, 90.5] |                   |
    | regression      |   1 |      0 |                  | 70.0 [10.3, 97.9] |
    | all             |   3 |      1 | 50.0 [9.5, 90.5] | 70.0 [10.3, 97.9] |

    | task        |   n | failed |         accuracy |         closeness |
    | ----------- | --: | -----: | ---------------: | ----------------: |
    | order\\|time |   2 |      1 | 50.0 [9.5, 90.5] |                   |
    | distance    |   1 |      0 |                  | 70.0 [10.3, 97.9] |
    "
  `);
});

test("beside what others report", () => {
  const text = scoreReport(summary, { format: "plain", title: "MMVU", benchmark: benchmarks.mmvu });
  expect(text.split("\n").map((line) => line.split(/ {2,}/))).toContainEqual([
    "Video-R1-7B",
    "64",
    "63.8",
    "arXiv:2503.21776v4 table 1",
  ]);
});

test("only benchmarks that a row reports have it", () => {
  const report = (name: keyof typeof benchmarks) => scoreReport(summary, { title: name, benchmark: benchmarks[name] });
  for (const name of paperBenchmarkNames) expect(report(name)).toContain(`published, ${benchmarks[name].title}`);
  expect(report("mvbench")).toContain("LLaMA-VID");
  expect(report("vsi-bench")).not.toContain("LLaMA-VID"); // the paper leaves that cell empty
});
