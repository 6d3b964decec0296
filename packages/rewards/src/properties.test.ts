import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fragments } from "../test/fragments.ts";
import { readExpression } from "./expressions.ts";
import {
  type AccuracyOptions,
  accuracyReward,
  extractAnswer,
  formatReward,
  meanRelativeAccuracy,
  problemTypes,
  rougeScore,
  scoreBatch,
} from "./index.ts";

const numbers = fc.oneof(
  fc.double().map(String),
  fc.constantFrom(
    "nan",
    "-inf",
    "Infinity",
    "1e999",
    "0",
    "-0",
    "1,000",
    "3,5",
    "٣",
    "1_0",
    ".",
    "50%",
    "1/0",
    "1e-320",
  ),
);
const letters = fc.constantFrom("A", "(A)", "A.", "a. red ball", "A or B", "A. B.", "");
const inTags = fc
  .oneof(numbers, letters, fragments, fc.string({ unit: "binary" }))
  .map((text) => `<answer>${text}</answer>`);
const texts = fc.oneof(inTags, fragments, fc.string({ unit: "binary", maxLength: 200 }));

const allOptions: [string, AccuracyOptions][] = [
  ["video-r1", { rules: "video-r1" }],
  ["safe", {}],
  ["safe with every option", { lenientChoices: true, readNumber: readExpression }],
];

describe.each(allOptions)("%s", (_, options) => {
  test.each(problemTypes)("%s: any two texts score within [0, 1]", (type) => {
    fc.assert(
      fc.property(texts, texts, (completion, solution) => {
        const reward = accuracyReward(completion, solution, type, options);
        expect(reward).toBeGreaterThanOrEqual(0);
        expect(reward).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
  });

  test("any text has format reward 0 or 1", () => {
    const { rules } = options;
    fc.assert(fc.property(texts, (text) => [0, 1].includes(formatReward(text, { rules }))));
  });

  test("a batch gives what the rewards give one by one", () => {
    const { rules } = options;
    const items = fc.record({ completion: texts, solution: texts, problemType: fc.constantFrom(...problemTypes) });
    fc.assert(
      fc.property(fc.array(items, { maxLength: 4 }), (batch) => {
        const { results, failed } = scoreBatch(batch, options);
        expect(failed).toBe(0);
        expect(results.map(({ accuracy, format, answer }) => ({ accuracy, format, answer }))).toEqual(
          batch.map(({ completion, solution, problemType }) => ({
            accuracy: accuracyReward(completion, solution, problemType, options),
            format: formatReward(completion, { rules }),
            answer: extractAnswer(completion, { rules }),
          })),
        );
        for (const { accuracy, note } of results) expect(note === null).toBe(accuracy === 1);
      }),
    );
  });
});

test.each(["video-r1", "safe"] as const)("%s: any two numbers have a mean relative accuracy in [0, 1]", (rules) => {
  fc.assert(
    fc.property(fc.double(), fc.double(), (prediction, truth) => {
      const accuracy = meanRelativeAccuracy(prediction, truth, { rules });
      return accuracy >= 0 && accuracy <= 1;
    }),
    { numRuns: 2000 },
  );
});

test("safe: a number is its own right answer, and no text is that is not one", () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(finite, fc.constantFrom("numerical", "regression"), (x, type) => {
      expect(accuracyReward(`<answer>${x}</answer>`, `<answer>${x}</answer>`, type)).toBe(1);
      for (const text of ["nan", "inf", "1e999", ""]) {
        expect(accuracyReward(`<answer>${text}</answer>`, `<answer>${x}</answer>`, type)).toBe(0);
        expect(accuracyReward(`<answer>${x}</answer>`, `<answer>${text}</answer>`, type)).toBe(0);
      }
    }),
  );
});

test("safe: what is well formed is read, and nothing that is said in the thinking", () => {
  const plain = fc.string({ unit: "grapheme" }).filter((text) => text.trim() !== "" && !/[<>]/.test(text));
  fc.assert(
    fc.property(fragments, plain, (thinking, answer) => {
      const text = `<think>${thinking.replaceAll("</think>", "")}</think>\n<answer>${answer}</answer>`;
      expect(extractAnswer(text)).toBe(extractAnswer(`<answer>${answer}</answer>`, { rules: "video-r1" }));
    }),
    { numRuns: 2000 },
  );
});

test("video-r1: an OCR answer equal to the truth is right, whatever the words", () => {
  fc.assert(
    fc.property(inTags, (text) => {
      expect(accuracyReward(text, text, "OCR", { rules: "video-r1" })).toBe(1);
    }),
  );
});

test("ROUGE changes precision for recall when the texts change places", () => {
  fc.assert(
    fc.property(inTags, inTags, fc.boolean(), (a, b, useStemmer) => {
      const there = rougeScore(a, b, { useStemmer });
      const back = rougeScore(b, a, { useStemmer });
      for (const name of ["rouge1", "rouge2", "rougeL"] as const) {
        expect(there[name].precision).toBe(back[name].recall);
        expect(there[name].fMeasure).toBeCloseTo(back[name].fMeasure, 12);
      }
    }),
  );
});
