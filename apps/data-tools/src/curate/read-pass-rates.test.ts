import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeRecords } from "../../test/few-records.ts";
import { passRateFile, readPassRates } from "./read-pass-rates.ts";

const folder = mkdtempSync(join(tmpdir(), "rates-"));
afterAll(() => rmSync(folder, { recursive: true }));
const signal = new AbortController().signal;
const printed: string[] = [];
const read = (...files: string[]) =>
  readPassRates(files, { rules: "video-r1", signal, print: (line) => void printed.push(line) });

const question = { problemId: 7, dataSource: "STAR", problemType: "multiple choice", solution: "<answer>A</answer>" };
const rollouts = {
  ...question,
  ordered: [{ accuracy: 1 }, { accuracy: 0 }, { accuracy: 1 }],
  shuffled: [{ accuracy: 0 }],
};

test.each([
  ["rollouts of a run, of the ordered half", [rollouts, { ...rollouts, ordered: [{ accuracy: 0 }] }], 0.5],
  ["graded predictions", [{ ...question, status: "answered", output: "", score: 0.25, correct: false }], 0.25],
  [
    "answers, which are scored",
    [
      { ...question, status: "answered", output: "<answer>A</answer>" },
      { ...question, status: "answered", output: "B" },
    ],
    0.5,
  ],
  ["a question that could not be asked", [{ ...question, status: "failed", reason: "no media" }], undefined],
  ["answers in validation", [{ step: 1, problemId: 7, text: "", tokens: 1, rewards: { accuracy: 1, format: 0 } }], 1],
  ["rewards", [{ problem_id: "7", rewards: [1, 0.5] }], 0.75],
  [
    "correct",
    [
      { problem_id: 7, data_source: "STAR", correct: true },
      { problem_id: 7, data_source: "STAR", correct: [false, 0] },
    ],
    1 / 3,
  ],
  ["a pass rate", [{ problem_id: 7, data_source: null, pass_rate: 0.125 }], 0.125],
  ["another source's", [{ problem_id: 7, data_source: "CLEVRER", pass_rate: 1 }], undefined],
])("%s", async (_, lines, expected) => {
  const rates = await read(writeRecords(join(folder, "lines.jsonl"), lines));
  expect(rates.rateOf({ problemId: 7, dataSource: "STAR" })).toBe(expected);
});

test("several files are pooled, and a folder stands for its rollouts", async () => {
  mkdirSync(join(folder, "run"));
  writeRecords(join(folder, "run/rollouts.jsonl"), [rollouts]);
  const own = writeRecords(join(folder, "own.json"), [
    { problem_id: 7, data_source: "STAR", rewards: [0, 0, 0, 0, 0] },
    { problem_id: 8, pass_rate: 1 },
  ]);
  const rates = await read(passRateFile(join(folder, "run")), own);
  expect(rates.rateOf({ problemId: "7", dataSource: "STAR" })).toBe(0.25);
  expect([rates.problems, rates.answers, rates.unused()]).toEqual([2, 9, 1]);
});

test("a last line that is being written is left out and said; a broken one before it is refused", async () => {
  const file = writeRecords(join(folder, "cut.jsonl"), [rollouts]);
  appendFileSync(file, '{"problemId": 7, "ord');
  expect((await read(file)).answers).toBe(3);
  expect(printed).toEqual([`${file}, line 2: is cut short, and left out`]);
  appendFileSync(file, "\n");
  await expect(read(file)).rejects.toMatchObject({ code: "DATASET_BROKEN", line: 2 });
});
