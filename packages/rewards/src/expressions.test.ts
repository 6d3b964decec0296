import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readExpression } from "./expressions.ts";
import { accuracyReward } from "./index.ts";

const safe = { readNumber: readExpression };

test.each([
  ["1,000.5", 1000.5],
  ["1/4", 0.25],
  [" -3 / 4 ", -0.75],
  ["12.5 %", 0.125],
  ["1,000%", 10],
  ["2^10", 1024],
  ["-2^2", -4],
  ["(1 + 2) * 3", 9],
  ["sqrt(2)/2", Math.SQRT2 / 2],
  ["2 × 3 − 8 ÷ 4", 4],
  ["1e3/2", 500],
  ["1.5×10^3", 1500],
  ["−1,234", -1234],
  ["－5", -5],
  ["–5", -5],
  ["﹣5", -5],
  ["- 5", -5],
  ["５．５", 5.5],
  ["１，２３４", 1234],
  ["５０％", 0.5],
  ["−5%", -0.05],
  ["24/50", 0.48],
  ["5 - 3 + 1", 3],
])("%j is %d", (text, value) => expect(readExpression(text)).toBe(value));

test.each([
  ["4-2", "a score"],
  ["4 - 2", "a score"],
  ["4−2", "a score"],
  ["(3-1)", "a score"],
  ["(3)-(1)", "a score"],
  ["10-12", "a range"],
  ["1.5-2.5", "a range"],
  ["3–4", "a range"],
  ["3~4", "a range"],
  ["2025-06-01", "a date"],
  ["06-01", "a date"],
  ["06/01", "a date"],
  ["6/1/2025", "a date"],
  ["555-0199", "a telephone number"],
  ["+1-555-0199", "a telephone number"],
  ["(555)-0199", "a telephone number"],
  ["1-800-555-0199", "a telephone number"],
  ["16:9", "a ratio"],
  ["1920×1080", "a size"],
  ["1e-400", "too small"],
  ["1/0", "infinite"],
  ["0/0", "not a number"],
  ["(-1)^0.5", "not real"],
  ["9^9^9^9", "overflows"],
  ["100 + 3%", "of what?"],
  ["10 % 3", "a remainder"],
  ["3!", "factorial"],
  ["2(3)", "implicit multiplication"],
  ["1 2", "two numbers"],
  ["1/2 1/2", "two fractions"],
  ["½ ½", "two fractions"],
  ["¹", "a power of nothing"],
  ["①", "a number in a circle"],
  ["pi", "a name"],
  ["3 cm", "a unit"],
  ["2 + 3i", "complex"],
  ["0x10", "hexadecimal"],
  ["1 # 2", "a comment"],
  ["1; 2", "two statements"],
  ["1\n2", "two statements"],
  ["a = 1", "an assignment"],
  ["[1, 2]", "a matrix"],
  ["1:3", "a range"],
  ["range(1, 1e8)", "a function that eats the memory"],
  ["sqrt", "a function without its argument"],
  ["sqrt(1, 2)", "a comma"],
  ["sqrt(4)(1)", "a call of a result"],
  ['import("x")', "an import"],
  ["constructor", "a property of all objects"],
  ["nan", "not finite"],
  ["1+", "unfinished"],
  ["", "empty"],
  ["%", "nothing in a hundred"],
  [`${"(".repeat(100)}1${")".repeat(100)}`, "201 characters"],
])("%j is no number: %s", (text) => expect(readExpression(text)).toBeUndefined());

test.each([
  ["1 1/2", 1.5],
  ["-1 1/2", -1.5],
  ["½", 0.5],
  ["1½", 1.5],
  ["10³", 1000],
  ["10⁻²", 0.01],
  ["1.5×10^(3)", 1500],
  ["1.5×10³", 1500],
  ["5٪", 0.05],
])("%s is %d", (text, value) => expect(readExpression(text)).toBeCloseTo(value, 12));

test("any arithmetic gives what JavaScript gives, or nothing", () => {
  const token = fc.constantFrom("1", "2.5", "10", "+", "-", "*", "/", "(", ")", " ");
  fc.assert(
    fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
      const text = tokens.join("");
      const value = readExpression(text);
      if (value === undefined) return;
      const summed = text.trim().replace(/^([+-]?)([0-9]+) +([0-9]+\/[0-9]+)$/, "$1($2+$3)"); // 1 1/2
      // JavaScript reads `--` and `++` as operators of their own; spaces tell it that they are two signs.
      expect(Object.is(value, 0) || Object.is(value, -0) ? 0 : value).toBe(
        new Function(`return (${summed.replaceAll(/[+-]/g, " $& ")}) + 0`)(),
      );
    }),
    { numRuns: 3000, examples: [[["1", " ", "1", "/", "10"]], [["-", "10", " ", " ", "1", "/", "1"]]] },
  );
});

test("any text is a finite number or undefined", () => {
  const pieces = fc.array(fc.constantFrom("1", "e", "sqrt", "(", ")", "%", ".", ",", "^", "/", "x", "\n", "#", "'"));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        pieces.map((p) => p.join("")),
      ),
      (text) => {
        const value = readExpression(text);
        expect(value === undefined || Number.isFinite(value)).toBe(true);
      },
    ),
    { numRuns: 3000 },
  );
});

describe("as a reader of answers", () => {
  test.each([
    { type: "numerical", answer: "1/3", truth: "0.33", reward: 1 },
    { type: "numerical", answer: "25%", truth: "0.25", reward: 1 },
    { type: "numerical", answer: "25%", truth: "25", reward: 0 },
    { type: "regression", answer: "3/2", truth: "2", reward: 0.75 },
  ] as const)("$answer for $truth, $type", ({ type, answer, truth, reward }) => {
    expect(accuracyReward(`<answer>${answer}</answer>`, `<answer>${truth}</answer>`, type, safe)).toBe(reward);
  });
});

test.each([
  ["4-2", "3-1"],
  ["4-5", "3-4"],
  ["2025-06-01", "2024-05-01"],
  ["0-0", "3-3"],
  ["555-0199", "655-0299"],
  ["3-4", "-1"],
  ["4×6", "3×8"],
  ["1/1/25", "2/2/25"],
])("%s is not %s", (answer, truth) => {
  for (const type of ["numerical", "regression"] as const) {
    expect(accuracyReward(`<answer>${answer}</answer>`, `<answer>${truth}</answer>`, type, safe)).toBe(0);
  }
});

test.each([
  ["−5", "-5", 1],
  ["- 5", "-5", 1],
  ["５．５", "5.5", 1],
  ["–5", "5", 0],
  ["9007199254740993", "9007199254740992", 0],
  ["9007199254740993", "9007199254740993", 1],
  ["1e-400", "0", 0],
  ["0e5", "0", 1],
])("without expressions, %s for %s: %d", (answer, truth, accuracy) => {
  expect(accuracyReward(`<answer>${answer}</answer>`, `<answer>${truth}</answer>`, "numerical")).toBe(accuracy);
});
