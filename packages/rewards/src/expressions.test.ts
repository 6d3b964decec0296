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
])("%j is %d", (text, value) => expect(readExpression(text)).toBe(value));

test.each([
  ["1/0", "infinite"],
  ["0/0", "not a number"],
  ["(-1)^0.5", "not real"],
  ["9^9^9^9", "overflows"],
  ["100 + 3%", "of what?"],
  ["10 % 3", "a remainder"],
  ["3!", "factorial"],
  ["2(3)", "implicit multiplication"],
  ["1 1/2", "two numbers"],
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

test("any arithmetic gives what JavaScript gives, or nothing", () => {
  const token = fc.constantFrom("1", "2.5", "10", "+", "-", "*", "/", "(", ")", " ");
  fc.assert(
    fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
      const text = tokens.join("");
      const value = readExpression(text);
      if (value === undefined) return;
      // JavaScript reads `--` and `++` as operators of their own; spaces tell it that they are two signs.
      expect(Object.is(value, 0) || Object.is(value, -0) ? 0 : value).toBe(
        new Function(`return (${text.replaceAll(/[+-]/g, " $& ")}) + 0`)(),
      );
    }),
    { numRuns: 3000 },
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
