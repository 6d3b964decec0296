import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Example } from "@videor1/data";
import { gradePredictions, type Prediction } from "@videor1/eval";
import { afterAll, expect, test } from "vitest";
import { BenchConfig } from "../config.ts";
import { terminalReport } from "../run.ts";
import { writeResult } from "./write-result.ts";

const outputDir = mkdtempSync(join(tmpdir(), "write-result-"));
afterAll(() => rmSync(outputDir, { recursive: true }));

const example = (problemId: number, problemType: Example["problemType"], answer: string): Example => ({
  problemId,
  problem: "?",
  problemType,
  dataType: "video",
  options: ["A. yes"],
  solution: `<answer>${answer}</answer>`,
  path: "v.mp4",
  dataSource: "test",
});
const examples = [example(1, "multiple choice", "A"), example(2, "regression", "10")];
/** The first is right; the second, 8 for 10, passes six of the ten thresholds of mean relative accuracy. */
const outputs = ["<answer>A</answer>", "<answer>8</answer>"];
const predictions = examples.map(({ problemId, problemType, solution, dataSource }, i): Prediction => {
  return { problemId, problemType, solution, task: dataSource, status: "answered", output: outputs[i]! };
});

async function resultOf(settings: object) {
  const data = { records: "r.json", media: { mediaRoot: "m" } };
  const config = BenchConfig.parse({ model: "model", name: "test", outputDir, data, ...settings });
  const result = await writeResult(config, examples, gradePredictions(predictions), []);
  const file = JSON.parse(readFileSync(result.summaryFile, "utf8")) as Record<string, unknown>;
  return { result, file, report: terminalReport(config, result) };
}

test("of a benchmark, its metric makes the score and published scores stand below the result", async () => {
  const { result, file, report } = await resultOf({ benchmark: "vsi-bench" });
  expect(result.summary.overall.accuracy!.mean).toBe(1);
  expect(result.summary.overall.regression!.mean).toBeCloseTo(0.6, 6); // float32, as the original
  expect(result.summary.score).toBeCloseTo(0.8, 6);
  expect(file).toMatchObject({ benchmark: "vsi-bench", ordered: { score: result.summary.score } });
  expect(report).toContain("score 80.0");
  expect(report).toMatch(/published, VSI-Bench[\s\S]*Video-R1-7B +16 +34\.6 +arXiv:2503\.21776 table 1/);
});

test("of other questions, the score is accuracy", async () => {
  const { result, file, report } = await resultOf({});
  expect(result.summary.score).toBe(1);
  expect(file).toMatchObject({ benchmark: null });
  expect(report).not.toContain("published");
});

test("the options of the safe grading are kept with the result", async () => {
  const settings = { grading: "safe", gradingOptions: { markup: true, unicode: false } };
  expect((await resultOf(settings)).file).toMatchObject({ gradingOptions: { markup: true, unicode: false } });
  expect((await resultOf({ grading: "safe" })).file.gradingOptions).toEqual({});
  expect((await resultOf({})).file.gradingOptions).toBeUndefined();
});

test("a result names the adapter that was switched on", async () => {
  expect((await resultOf({ adapter: "lora" })).file.model).toBe("model with lora");
  expect((await resultOf({})).file.model).toBe("model");
});
