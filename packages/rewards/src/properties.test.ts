import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fragments } from "../test/fragments.ts";
import { accuracyReward, formatReward, problemTypes } from "./index.ts";

const numbers = fc.oneof(
  fc.double().map(String),
  fc.constantFrom("nan", "-inf", "Infinity", "1e999", "0", "-0", "1,000", "٣", "1_0", "."),
);
const inTags = fc.oneof(numbers, fragments, fc.string({ unit: "binary" })).map((text) => `<answer>${text}</answer>`);
const texts = fc.oneof(inTags, fragments, fc.string({ unit: "binary", maxLength: 200 }));

describe.each(problemTypes)("%s", (type) => {
  test("any two texts score within [0, 1]", () => {
    fc.assert(
      fc.property(texts, texts, (completion, solution) => {
        const reward = accuracyReward(completion, solution, type);
        expect(reward).toBeGreaterThanOrEqual(0);
        expect(reward).toBeLessThanOrEqual(1);
      }),
      { numRuns: 2000 },
    );
  });
});

test("any text has format reward 0 or 1", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect([0, 1]).toContain(formatReward(text));
    }),
  );
});

test("an OCR answer equal to the truth is right, whatever the words", () => {
  fc.assert(
    fc.property(inTags, (text) => {
      expect(accuracyReward(text, text, "OCR", { rules: "video-r1" })).toBe(1);
    }),
  );
});

test("ROUGE is symmetric: F1 does not know which text is the truth", () => {
  fc.assert(
    fc.property(inTags, inTags, (a, b) => {
      expect(accuracyReward(a, b, "free-form")).toBeCloseTo(accuracyReward(b, a, "free-form"), 12);
    }),
  );
});
