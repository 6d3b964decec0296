import { expect, test } from "vitest";
import { type RewardGolden, readGolden } from "../test/golden.ts";
import type { ProblemType } from "./index.ts";
import { type ScoreItem, scoreBatch } from "./score-batch.ts";

const answered = (answer: string) => `<think>t</think><answer>${answer}</answer>`;

test.each<[ProblemType, answer: string, truth: string, accuracy: number, note: string | null]>([
  ["multiple choice", "C", "C", 1, null],
  ["multiple choice", "B", "C", 0, '"B" is not "C"'],
  ["multiple choice", "", "C", 0, "the completion's answer is blank"],
  ["multiple choice", "C", "", 0, "the solution holds no answer"],
  ["numerical", "four", "4", 0, 'the answer "four" is not a number'],
  ["numerical", "4", "four", 0, 'the truth "four" is not a number'],
  ["numerical", "5", "4", 0, '"5" and "4" are different numbers'],
  ["OCR", "stop here", "stop there", 0.5, "word error rate 0.5"],
  ["OCR", "a b c", "x", 0, "word error rate 1 or more"],
  ["free-form", "cat", "cat", 2 / 3, "the same single word: it has no ROUGE-2, so 2/3 is all it can get"],
  ["free-form", "dog", "cat", 0, "no word in common"],
  ["free-form", "猫", "猫", 2 / 3, "the same single word: it has no ROUGE-2, so 2/3 is all it can get"],
  ["free-form", "猫", "犬", 0, "no word in common"],
  ["free-form", "!", "!", 0, "the truth has no word, all that ROUGE reads"],
  ["regression", "3", "4", 0.75, "relative error 0.25"],
  ["regression", "nan", "4", 0, 'the answer "nan" is not a number'],
  ["regression", "9", "4", 0, "relative error 1 or more"],
])("%s: %j for %j", (problemType, answer, truth, accuracy, note) => {
  const { results, failed } = scoreBatch([{ completion: answered(answer), solution: answered(truth), problemType }]);
  expect(failed).toBe(0);
  expect(results).toEqual([{ accuracy, format: answer === "" ? 0 : 1, answer, truth, rule: expect.any(String), note }]);
});

test.each([
  ["I do not know", "the completion holds no <answer>"],
  ["<answer>B", "the completion's <answer> is not closed"],
  ["<answer></answer>", "the completion's answer is blank"],
  ["<answer>A</answer><answer>B</answer>", "the completion gives answers that differ"],
  ["<think>or <answer>B</answer>", "the completion holds no answer outside its thinking and its tools"],
  [`<answer>${"x".repeat(59)}🎬 and more</answer>`, `"${"x".repeat(59)}…" is not "C"`],
])("why %j earns nothing: %s", (completion, note) => {
  const item = { completion, solution: "C", problemType: "multiple choice" } as const;
  expect(scoreBatch([item]).results[0]?.note).toBe(note);
});

test.each<[ProblemType, answer: string, truth: string, note: string]>([
  ["numerical", "3.0", "3", 'only one of "3.0" and "3" has a decimal mark'],
  ["regression", "0", "0", "nothing scores against a truth of 0"],
  ["multiple choice", "", "C", "the completion holds no answer"],
])("by the original's rules, %s: %j for %j", (problemType, answer, truth, note) => {
  const item = { completion: answered(answer), solution: answered(truth), problemType };
  expect(scoreBatch([item], { rules: "video-r1" }).results[0]).toMatchObject({ accuracy: 0, note });
});

test("a free-form answer with something in it says how much", () => {
  const item = {
    completion: answered("a red ball"),
    solution: answered("the red ball"),
    problemType: "free-form",
  } as const;
  const [result] = scoreBatch([item]).results;
  expect(result?.note).toBe(`mean F1 of ROUGE-1, ROUGE-2 and ROUGE-L ${Number(result?.accuracy.toPrecision(3))}`);
});

test("a long answer is quoted in part", () => {
  const item = {
    completion: answered("x".repeat(100)),
    solution: answered("C"),
    problemType: "multiple choice",
  } as const;
  expect(scoreBatch([item]).results[0]?.note).toBe(`"${"x".repeat(60)}…" is not "C"`);
});

test("an item that cannot be scored fails alone and is counted", () => {
  const good: ScoreItem = { completion: answered("C"), solution: answered("C"), problemType: "multiple choice" };
  const items = [
    good,
    { ...good, problemType: "mcq" },
    { ...good, completion: null },
    { ...good, solution: 3 },
    null,
    { ...good, problemType: "toString" },
    good,
  ] as ScoreItem[];
  const { results, failed } = scoreBatch(items);
  expect(failed).toBe(5);
  expect(results.map(({ accuracy, rule, note }) => [accuracy, rule, note])).toEqual([
    [1, "exact-match", null],
    [0, null, 'problemType "mcq" is none of multiple choice, numerical, OCR, free-form, regression'],
    [0, null, "completion is not a string but null"],
    [0, null, "solution is not a string but number"],
    [0, null, expect.stringContaining("null")],
    [0, null, expect.stringContaining('"toString"')],
    [1, "exact-match", null],
  ]);
});

test("a reader that throws fails its item", () => {
  const item: ScoreItem = { completion: answered("4"), solution: answered("4"), problemType: "numerical" };
  const readNumber = () => {
    throw new RangeError("no idea");
  };
  expect(scoreBatch([item, { ...item, problemType: "OCR" }], { readNumber })).toMatchObject({
    failed: 1,
    results: [{ accuracy: 0, rule: null, note: "RangeError: no idea" }, { accuracy: 1 }],
  });
});

test("all recorded cases in one batch, by the original's rules", () => {
  const golden = readGolden<RewardGolden>("rewards");
  const items = golden.cases.map(({ completion, solution, type }) => ({
    completion,
    solution,
    problemType: type as ProblemType,
  }));
  const { results } = scoreBatch(items, { rules: "video-r1" });
  for (const [i, expected] of golden.cases.entries()) {
    const { accuracy, format, answer, truth } = results[i]!;
    expect(Math.abs(accuracy - expected.expected_accuracy)).toBeLessThanOrEqual(golden.tolerance.accuracy);
    expect({ format, answer, truth }).toEqual({
      format: expected.expected_format,
      answer: expected.extracted_answer,
      truth: expected.extracted_solution,
    });
  }
});
