import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readExpression } from "./expressions.ts";
import { type AccuracyOptions, accuracyReward, type ProblemType, problemTypes, RulesError } from "./index.ts";

const reward = (answer: string, truth: string, type: ProblemType, options: AccuracyOptions = {}): number =>
  accuracyReward(`<answer>${answer}</answer>`, `<answer>${truth}</answer>`, type, options);

describe("markup around an answer", () => {
  test.each([
    ["\\boxed{B}", "B", 1],
    ["$\\boxed{\\text{B}}$", "B", 1],
    ["**B**", "\\boxed{B}", 1],
    ["<|begin_of_box|>B<|end_of_box|>", "B", 1],
    ["\\(B\\)", "B", 1],
    ["$$\\boxed{\\textbf{B}}$$", "B", 1],
    ["\\boxed{\\boxed{B}}", "B", 1],
    ["The answer is \\boxed{B}.", "B", 1],
    ["```\nB\n```", "B", 1],
    ["<b>B</b>", "B", 1],
    ["x &amp; y", "x & y", 1],
    ["\\boxed{A}\\boxed{B}", "A", 0],
    ["\\boxed{A} or \\boxed{B}", "B", 0],
    ["\\boxed{", "A", 0],
    ["\\boxed A", "A", 0],
    ["$A$ or $B$", "A", 0],
    ["\\boxed{A", "A", 0],
    ["**A** **B**", "A", 0],
  ])("%s for %s: %d", (answer, truth, accuracy) => {
    expect(reward(answer, truth, "multiple choice", { markup: true })).toBe(accuracy);
    expect(reward(answer, truth, "multiple choice")).toBe(0);
  });

  test("numbers", () => {
    expect(reward("$\\boxed{3.0}$", "3", "numerical", { markup: true })).toBe(1);
    const options = { markup: true, readNumber: readExpression };
    for (const [answer, truth] of [
      ["50\\%", "0.5"],
      ["\\frac{1}{2}", "0.5"],
      ["\\dfrac12", "0.5"],
      ["\\frac{1+2}{4}", "0.75"],
      ["1\\frac{1}{2}", "1.5"],
      ["-\\frac{1}{2}", "-0.5"],
      ["1.5 \\times 10^{3}", "1500"],
      ["\\sqrt{16}", "4"],
      ["1{,}000", "1000"],
      ["\\$5", "$5"],
    ] as const) {
      expect(reward(answer, truth, "numerical", { ...options, units: true }), answer).toBe(1);
    }
    expect(reward("\\frac{1}{2}", "12", "numerical", options)).toBe(0);
    expect(reward("\\frac{1}{0}", "0", "numerical", options)).toBe(0);
    expect(reward("90^\\circ", "90", "numerical", { ...options, units: true })).toBe(1);
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
  ["three", "3", 1],
  ["Three chairs.", "3", 1],
  ["twenty-one", "21", 1],
  ["one hundred and five", "105", 1],
  ["a hundred", "100", 1],
  ["90°", "90 degrees", 1],
  ["25 °C", "25 degrees Celsius", 1],
  ["25 °C", "25 °F", 0],
  ["3 m^2", "3 m²", 1],
  ["3 m²", "3 m", 0],
  ["50 percent", "50%", 1],
  ["50 %", "0.5", 1],
  ["10 000 km", "10000", 1],
  ["1’000 km", "1000", 1],
  ["٣ m", "3", 1],
  ["three or four", "3", 0],
  ["three and a half", "3", 0],
  ["two thousand", "2", 0],
  ["one of them", "1", 0],
  ["three to five", "3", 0],
  ["twenty twenty", "20", 0],
  ["threefold", "3", 0],
  ["555 0199", "5550199", 0],
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

test("several right letters", () => {
  for (const options of [{ lenientChoices: true }, { choices: ["A. red", "B. blue", "C. black"] }]) {
    const several = (answer: string) => reward(answer, "A,C", "multiple choice", options);
    for (const answer of ["A,C", "C, A", "A and C", "AC", "(A) (C)"]) expect(several(answer), answer).toBe(1);
    for (const answer of ["A", "C", "A,B,C", "A,B", "A or C", "A, C and black"])
      expect(several(answer), answer).toBe(0);
    expect(reward("A,C", "A", "multiple choice", options)).toBe(0);
  }
  expect(reward("A,D", "A,D", "multiple choice", { choices: ["A. red"] })).toBe(1);
  expect(reward("A, D", "A,D", "multiple choice", { choices: ["A. red"] })).toBe(0);
});

test("case makes no difference, by option", () => {
  for (const type of ["multiple choice", "OCR"] as const) {
    expect(reward("yes", "Yes", type, { ignoreCase: true })).toBe(1);
    expect(reward("no", "Yes", type, { ignoreCase: true })).toBe(0);
    expect(reward("yes", "Yes", type)).toBe(0);
  }
});

describe("unicode", () => {
  const free = (answer: string, truth: string) => reward(answer, truth, "free-form");
  const ocr = (answer: string, truth: string) => reward(answer, truth, "OCR");

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
    ["x < 5", "x > 5"],
    ["50% of it", "50 of it"],
    ["C++ code", "C code"],
    ["10³ m", "10 m"],
    ["2⁵ is", "25 is"],
    ["naïve boys", "na ve boys"],
    ["😀 happy", "😢 happy"],
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
    ["\u200bcafé\u200f", "café", 1],
    ["2⁵", "25", 0],
    ["½", "1/2", 0],
  ])("OCR: %s for %s: %d", (answer, truth, accuracy) => expect(ocr(answer, truth)).toBe(accuracy));

  test("without it, as the original", () => {
    const options = { unicode: false };
    expect(reward("Room 12 左边", "Room 12 右边", "free-form", options)).toBe(1);
    expect(reward("你好世昇", "你好世界", "OCR", options)).toBe(0);
    expect(reward("Ｃ", "C", "multiple choice", options)).toBe(0);
    expect(reward("5", "5", "numerical", { rules: "video-r1", unicode: false } as AccuracyOptions)).toBe(1);
  });

  test("a text of ASCII without signs scores as it does without", () => {
    const words = fc
      .stringMatching(/^[a-zA-Z0-9 .,;:!?'"()/_&@-]{0,40}$/)
      .filter((text) => !/(^|[^A-Za-z0-9])-[0-9]/.test(text));
    fc.assert(
      fc.property(words, words, fc.constantFrom(...problemTypes), (answer, truth, type) => {
        expect(reward(answer, truth, type)).toBe(reward(answer, truth, type, { unicode: false }));
      }),
    );
  });

  test("choices in full width", () => {
    expect(reward("Ｃ", "C", "multiple choice")).toBe(1);
    expect(reward("\u200fC\u200b", "C", "multiple choice")).toBe(1);
    expect(reward("x²", "x2", "multiple choice")).toBe(0);
    expect(reward("（C）", "C", "multiple choice", { lenientChoices: true })).toBe(1);
  });
});

test.each(["choices", "markup", "units", "ignoreCase", "unicode", "lenientChoices"])(
  "%s needs the safe rules",
  (name) => {
    const options = { rules: "video-r1", [name]: name === "choices" ? ["A"] : true } as unknown as AccuracyOptions;
    expect(() => reward("A", "A", "multiple choice", options)).toThrow(RulesError);
  },
);
