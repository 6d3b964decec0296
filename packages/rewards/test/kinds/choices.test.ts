// Answers to multiple choice that name one option, several, or none.
import { describe, expect, test } from "vitest";
import { type AccuracyOptions, accuracyReward } from "../../src/index.ts";

const reward = (answer: string, truth: string, options: AccuracyOptions): number =>
  accuracyReward(`<answer>${answer}</answer>`, `<answer>${truth}</answer>`, "multiple choice", options);

describe("lenient", () => {
  test.each<[string, string, number]>([
    ["A, B, C and D", "A", 0],
    ["A|B", "A", 0],
    ["A\nB", "A", 0],
    ["A\tB", "A", 0],
    ["A vs B", "A", 0],
    ["A; maybe B", "A", 0],
    ["A (not B)", "A", 0],
    ["**A** or **B**", "A", 0],
    ["Option A and option B", "A", 0],
    ["A, but also C", "A", 0],
    ["neither A nor B", "A", 0],
    ["not A", "A", 0],
    ["A?", "A", 0],
    ["A or maybe none", "A", 0],
    ["Either A", "A", 0],
    ["all of the above", "A", 0],
    ["A、B", "A", 0],
    ["Ａ、Ｂ", "A", 0],
    ["А", "A", 0],
    ["A。", "A", 1],
    ["(A)", "A", 1],
    ["A .", "A", 0],
    ["a)", "A", 1],
    ["A: red", "A", 1],
    ["A - red", "A", 1],
    ["A – red", "A", 1],
    ["The correct option is A", "A", 1],
    ["The answer is: A.", "A", 1],
    ["Answer: A", "A", 1],
    ["answer: (a)", "A", 1],
    ["I choose A", "A", 1],
    ["My final answer is A", "A", 1],
    ["It's A", "A", 1],
    ["So the answer is A", "A", 1],
    ["The answer is A, not B", "A", 0],
    ["The answer is not A", "A", 0],
    ["A\nB\nC\nD", "A", 0],
    ["A is correct", "A", 0],
    ["Option A is wrong", "A", 0],
    ["A/B/C/D", "A", 0],
    ["[A, B]", "A", 0],
    ["{A}", "A", 0],
    ["<A>", "A", 0],
    ["A. a ball", "A", 1],
    ["A. vitamin C", "A", 1],
    ["A. plan B is used", "A", 1],
    ["A. The man goes to room B", "A", 1],
    ["A. I am", "A", 1],
    ["A. 5 C", "A", 1],
    ["A. X-ray", "A", 1],
    ["A. U.S.A.", "A", 1],
    ["A. T-shirt", "A", 1],
    ["A. C", "A", 0],
    ["A. B-boy dancing", "A", 1],
    ["A. e.g. red", "A", 1],
    ["Ⓐ", "A", 0],
    ["🅰", "A", 0],
    ["A🙂", "A", 0],
    ["选A", "A", 0],
    ["答案是A", "A", 0],
    ["答案：A", "A", 0],
    ["A. 红色", "A", 1],
    ["A. 维生素C", "A", 1],
    ["A. 红色或B", "A", 0],
    ["A. 红色 B. 蓝色", "A", 0],
    ["A. красный Б. синий", "A", 1],
    ["AAA", "A", 0],
    ["AB", "A", 0],
    ["A,", "A", 1],
    ["A;", "A", 1],
    ["A!", "A", 0],
    ["A..", "A", 1],
  ])("%j for %j: %d", (answer, truth, accuracy) => {
    expect(reward(answer, truth, { lenientChoices: true })).toBe(accuracy);
  });
});

const colours = ["A. red", "B. blue", "C. both A and B", "D. none of the above"];

describe("by the options", () => {
  test.each<[string, string, number]>([
    ["red", "A", 1],
    ["RED.", "A", 1],
    ["both A and B", "C", 1],
    ["both A and B", "A", 0],
    ["A and B", "C", 0],
    ["none of the above", "D", 1],
    ["D. none of the above", "D", 1],
    ["C. both A and B", "C", 1],
    ["A. blue", "A", 1],
    ["A. blue", "B", 0],
    ["blue (B)", "B", 1],
    ["B) blue", "B", 1],
    ["B blue", "B", 1],
    ["(b)", "B", 1],
    ["green", "A", 0],
    ["", "A", 0],
    ["E", "E", 1],
    ["E", "A", 0],
    ["A, B", "C", 0],
    ["re d", "A", 0],
    ["r\u00aded", "A", 1],
    ["ｒｅｄ", "A", 1],
    ["The answer is red", "A", 1],
    ["Option A: red", "A", 1],
    ["red, blue", "A", 0],
  ])("%j for %j: %d", (answer, truth, accuracy) => {
    expect(reward(answer, truth, { choices: colours })).toBe(accuracy);
  });
});

describe("options that are numbers", () => {
  test.each<[string, string, number]>([
    ["2", "B", 1],
    ["B. 2", "B", 1],
    ["B", "2", 1],
    ["2.0", "B", 0],
    ["B.2", "B", 1],
    ["two", "B", 0],
  ])("%j for %j: %d", (answer, truth, accuracy) => {
    expect(reward(answer, truth, { choices: ["A. 1", "B. 2", "C. 3", "D. 4"] })).toBe(accuracy);
  });
});

describe("yes or no", () => {
  test.each<[string, string, number]>([
    ["yes", "A", 1],
    ["Yes.", "A", 1],
    ["no", "A", 0],
    ["Yes, no", "A", 0],
    ["A. Yes", "Yes", 1],
  ])("%j for %j: %d", (answer, truth, accuracy) => {
    expect(reward(answer, truth, { choices: ["A. Yes", "B. No"] })).toBe(accuracy);
  });
});

describe("options of the same text", () => {
  test.each<[string, string, number]>([
    ["red", "A", 0],
    ["A", "A", 1],
    ["red", "B", 0],
  ])("%j for %j: %d", (answer, truth, accuracy) => {
    expect(reward(answer, truth, { choices: ["A. red", "B. red"] })).toBe(accuracy);
  });
});

describe("options without letters", () => {
  test.each<[string, string, number]>([
    ["red", "A", 1],
    ["A", "red", 1],
    ["B", "red", 0],
    ["A. red", "red", 1],
  ])("%j for %j: %d", (answer, truth, accuracy) => {
    expect(reward(answer, truth, { choices: ["red", "blue"] })).toBe(accuracy);
  });
});

test("an option whose text makes a second one of a letter is not meant by both", () => {
  const choices = ["A. red", "B. or A", "C. and B"];
  expect(reward("B or A", "B", { choices })).toBe(0);
  expect(reward("C and B", "C", { choices })).toBe(0);
  expect(reward("B. or A", "B", { choices })).toBe(1);
});

describe("options that are letters", () => {
  test.each<[string, string, number]>([
    ["A", "A", 1],
    ["B", "A", 0],
    ["b", "B", 1],
    ["A. B", "A", 1],
    ["A. B", "B", 0],
  ])("%j for %j: %d", (answer, truth, accuracy) => {
    expect(reward(answer, truth, { choices: ["A. B", "B. A"] })).toBe(accuracy);
  });
});
