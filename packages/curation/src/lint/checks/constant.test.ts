import { expect, test } from "vitest";
import { choice, type Fields, findingsOf, open } from "../../../test/made-records.ts";
import { answerConstant, bestConstant, optionLength } from "./constant.ts";

const made = (count: number, of: (i: number) => Fields): Fields[] =>
  Array.from({ length: count }, (_, i) => ({ ...of(i), problem_id: i, path: `${i}.mp4` }));
const letters = (share: number, count = 300) =>
  made(count, (i) => choice({ solution: `<answer>${i < share * count ? "B" : "AC"[i % 2]}</answer>` }));

test("a letter above chance is told with its share and Wilson's interval", () => {
  const [finding] = findingsOf(letters(0.6), { checks: [answerConstant] });
  expect(finding!.count).toBe(1);
  const { group, records, values } = finding!.groups[0]!;
  expect([group, records, values.by]).toEqual(["made, multiple choice", 300, "B"]);
  // (0.6 + z²/600 ± z sqrt(0.24/300 + z²/360000)) / (1 + z²/300), z = 2.576
  expect(values.accuracy).toBeCloseTo(0.6, 12);
  expect(values.low).toBeCloseTo(0.52574, 5);
  expect(values.high).toBeCloseTo(0.66994, 5);
  expect(values.chance).toBeCloseTo(1 / 3, 12);
});

test.each<[Fields[], string]>([
  [letters(0.34), "evenly spread letters"],
  [letters(1, 99), "too few records to say"],
  [made(300, (i) => open("numerical", String(i % 5))), "five numbers, each a fifth"],
])("%#: nothing is told of %s", (records) => {
  expect(findingsOf(records, { checks: [answerConstant] })).toEqual([]);
});

test("a number that is often right is told", () => {
  const records = made(300, (i) => open("numerical", i % 2 === 0 ? "1" : String(i)));
  const [finding] = findingsOf(records, { checks: [answerConstant] });
  expect(finding!.groups[0]!.values).toMatchObject({ by: '"1"', accuracy: 0.5 + 1 / 300, chance: 0.2 });
});

test("the best constant of a regression is one in the middle: the mean of 1 - |a - gold| / gold", () => {
  const golds = new Map([
    ["1", 1],
    ["2", 3],
    ["4", 2],
  ]);
  // 1: (1 + 3 · 1/2 + 2 · 1/4) / 6; 2: (0 + 3 + 2 · 1/2) / 6; 4: (0 + 0 + 2) / 6
  const { answer, reward } = bestConstant(golds, "regression", "safe");
  expect(answer).toBe("2");
  expect(reward).toBeCloseTo(4 / 6, 6);
});

const byLength = (gold: number, count = 200) =>
  made(count, () => {
    const options = ["A. aa", "B. aaaa", "C. aaa"];
    return choice({ options, solution: `<answer>${"ABC"[gold]}</answer>` });
  });

test.each<[number, string | undefined]>([
  [1, "the longest option"],
  [0, "the shortest option"],
  [2, undefined],
])("gold %i of three lengths: %s", (gold, by) => {
  const [finding] = findingsOf(byLength(gold), { checks: [optionLength] });
  expect(finding?.groups.map(({ values }) => [values.by, values.accuracy])).toEqual(by && [[by, 1]]);
});

test("options of the same length are even guesses", () => {
  const records = made(200, () => choice({ options: ["A. aa", "B. bb", "C. c"] }));
  const [finding] = findingsOf(records, { checks: [optionLength] });
  expect(finding!.groups.map(({ values }) => [values.by, values.accuracy])).toEqual([["the longest option", 0.5]]);
});
