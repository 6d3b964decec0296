import { describe, expect, test } from "vitest";
import { readExpression } from "./expressions.ts";
import { type AccuracyOptions, accuracyReward, type ProblemType, RulesError } from "./index.ts";

const reward = (answer: string, truth: string, type: ProblemType, options: AccuracyOptions = {}): number =>
  accuracyReward(`<answer>${answer}</answer>`, `<answer>${truth}</answer>`, type, options);

describe("markup around an answer", () => {
  test.each([
    ["\\boxed{B}", "B", 1],
    ["$\\boxed{\\text{B}}$", "B", 1],
    ["**B**", "\\boxed{B}", 1],
    ["<|begin_of_box|>B<|end_of_box|>", "B", 1],
    ["\\(B\\)", "B", 1],
    ["\\boxed{A}\\boxed{B}", "A", 0],
    ["$A$ or $B$", "A", 0],
    ["\\boxed{A", "A", 0],
    ["**A** **B**", "A", 0],
  ])("%s for %s: %d", (answer, truth, accuracy) => {
    expect(reward(answer, truth, "multiple choice", { markup: true })).toBe(accuracy);
    expect(reward(answer, truth, "multiple choice")).toBe(0);
  });

  test("numbers", () => {
    expect(reward("$\\boxed{3.0}$", "3", "numerical", { markup: true })).toBe(1);
    expect(reward("50\\%", "0.5", "numerical", { markup: true, readNumber: readExpression })).toBe(1);
  });
});

test.each([
  ["3 chairs", "3", 1],
  ["3 chairs", "3 chair", 1],
  ["2.5 m", "2.5 meters", 1],
  ["2.5m", "2.5", 1],
  ["$5", "5", 1],
  ["about 3", "3", 1],
  ["1,000 km", "1000", 1],
  ["3 m", "3 cm", 0],
  ["3 or 4", "3", 0],
  ["3 and 4 chairs", "3", 0],
  ["3 m 4", "3", 0],
  ["3 point 5", "3", 0],
  ["3 million", "3", 0],
  ["3rd", "3", 0],
  ["50 percent", "50", 0],
  ["−3 m", "-3", 1],
  ["3, 4 chairs", "34", 0],
  ["chairs 3", "3", 0],
  ["nan m", "3", 0],
])("units: %s for %s: %d", (answer, truth, accuracy) => {
  expect(reward(answer, truth, "numerical", { units: true })).toBe(accuracy);
  expect(reward(answer, truth, "regression", { units: true })).toBe(accuracy);
});

test.each([
  ["blue", "B", 1],
  ["Blue.", "B", 1],
  ["B. blue", "B", 1],
  ["b", "B", 1],
  ["B", "blue", 1],
  ["(B) blue", "B", 1],
  ["red", "B", 0],
  ["B. red", "B", 1],
  ["red or blue", "B", 0],
  ["(A)(B)", "B", 0],
  ["(B)(A)", "B", 0],
  ["E", "E", 1],
  ["C. A", "C", 1],
  ["purple", "blue", 0],
])("choices: %s for %s: %d", (answer, truth, accuracy) => {
  const choices = ["A. red", "B. blue", "C. A", "D. C"];
  expect(reward(answer, truth, "multiple choice", { choices })).toBe(accuracy);
});

test("case makes no difference, by option", () => {
  for (const type of ["multiple choice", "OCR"] as const) {
    expect(reward("yes", "Yes", type, { ignoreCase: true })).toBe(1);
    expect(reward("no", "Yes", type, { ignoreCase: true })).toBe(0);
    expect(reward("yes", "Yes", type)).toBe(0);
  }
});

describe("unicode", () => {
  const free = (answer: string, truth: string) => reward(answer, truth, "free-form", { unicode: true });
  const ocr = (answer: string, truth: string) => reward(answer, truth, "OCR", { unicode: true });

  test.each([
    ["Room 12 左边", "Room 12 右边"],
    ["A man 跑步", "A man 跳舞"],
    ["iPhone 15 红色", "iPhone 15 蓝色"],
    ["Привет world now", "Пока world now"],
    ["x ≤ 5", "x ≥ 5"],
    ["a → b", "a ← b"],
    ["-5 m", "5 m"],
    ["São Paulo", "S o Paulo"],
    ["第3层红色", "第3层蓝色"],
  ])("free-form: %s is not %s", (answer, truth) => {
    expect(free(answer, truth)).toBeLessThan(1);
    expect(free(truth, truth)).toBeCloseTo(1, 12);
  });

  test.each(["你好世界", "สวัสดี", "مرحبا بالعالم", "Привет мир"])("free-form: %s is itself", (text) => {
    expect(free(text, text)).toBeCloseTo(1, 12);
  });

  test("free-form by hand: 3 of 4 words, 1 of 3 pairs", () => {
    // room 12 左 边 / room 12 右 边: ROUGE-1 and -L 3/4, ROUGE-2 1/3
    expect(free("Room 12 左边", "Room 12 右边")).toBeCloseTo((3 / 4 + 1 / 3 + 3 / 4) / 3, 12);
  });

  test.each([
    ["你好世昇", "你好世界", 0.75],
    ["你好，世界", "你好世界", 0.75],
    ["cafe\u0301", "café", 1],
    ["Ａ１", "A1", 1],
    ["don’t", "don't", 1],
    ["two words", "two birds", 0.5],
  ])("OCR: %s for %s: %d", (answer, truth, accuracy) => expect(ocr(answer, truth)).toBe(accuracy));

  test("choices in full width", () => {
    expect(reward("Ｃ", "C", "multiple choice", { unicode: true })).toBe(1);
    expect(reward("（C）", "C", "multiple choice", { unicode: true, lenientChoices: true })).toBe(1);
  });
});

test.each(["choices", "markup", "units", "ignoreCase", "unicode", "lenientChoices"])(
  "%s needs the safe rules",
  (name) => {
    const options = { rules: "video-r1", [name]: name === "choices" ? ["A"] : true } as unknown as AccuracyOptions;
    expect(() => reward("A", "A", "multiple choice", options)).toThrow(RulesError);
  },
);
