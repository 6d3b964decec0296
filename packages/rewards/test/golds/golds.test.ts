// Every gold of a set in the shape of Video-R1's can be earned, and silence earns none. `npm run check:long` asks all 263,071.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accuracyReward, problemTypes, solutionFault } from "../../src/index.ts";
import { fragments } from "../fragments.ts";
import { goldFaults } from "./gold-faults.ts";
import { recordCount, syntheticRecord } from "./synthetic-record.ts";

const sample = 5000;

test(`${sample} records`, () => {
  const types = new Map<string, number>();
  for (let index = 0; index < sample; index++) {
    const record = syntheticRecord(index);
    types.set(record.type, (types.get(record.type) ?? 0) + 1);
    expect(goldFaults(record), JSON.stringify(record)).toEqual([]);
  }
  for (const type of problemTypes) expect(types.get(type), type).toBeGreaterThan(50);
});

test("as many records as there are, and no more", () => {
  expect(recordCount).toBe(263_071);
  expect(() => syntheticRecord(recordCount - 1)).not.toThrow();
});

test.each([
  ["a gold that is none of the options", { type: "multiple choice", options: ["A. x", "B. y"], answer: "C" }],
  ["a gold that silence earns", { type: "multiple choice", options: ["A. x", "B. y"], answer: "" }],
  ["a gold that is no number", { type: "numerical", options: [], answer: "five" }],
  ["a gold that the rules read otherwise", { type: "OCR", options: [], answer: "a</answer>b" }],
] as const)("%s is found", (_, { answer, type, options }) => {
  const record = { type, options: [...options], answer, solution: `<answer>${answer}</answer>` };
  expect(goldFaults(record).length).toBeGreaterThan(0);
});

describe("a solution without a fault, whatever it is, can be earned under both rules, and silence earns none", () => {
  const numbers = fc.oneof(
    fc.double().map(String),
    fc.constantFrom("1,000", "٣", "-0.0", "1_0", "+5", ".5", "5.", "1e3", "−5", "½", "1 000", "9007199254740993"),
  );
  const texts = fc.oneof(
    numbers,
    fc.constantFrom("A", "b", "C.", "(B)", "D "),
    fragments,
    fc.string({ unit: "binary" }),
  );
  const solutions = fc.oneof(
    texts.map((text) => `<answer>${text}</answer>`),
    fc.tuple(fragments, texts, fragments).map(([before, text, after]) => `${before}<answer>${text}</answer>${after}`),
  );
  const options = ["A. red", "B. blue", "C. green", "D. D"];

  test.each(problemTypes)("%s", (type) => {
    let good = 0;
    fc.assert(
      fc.property(solutions, (solution) => {
        if (solutionFault(solution, type, type === "multiple choice" ? options : []) !== undefined) return;
        good++;
        for (const rules of ["safe", "video-r1"] as const) {
          const [earned, ...silent] = [
            solution,
            "",
            "I do not know",
            "<answer></answer>",
            "<answer>\u200b</answer>",
          ].map((completion) => accuracyReward(completion, solution, type, { rules }));
          const isOf0 = type === "regression" && rules === "video-r1";
          expect(earned, rules).toBeGreaterThan(isOf0 ? -1 : type === "free-form" ? 0 : 1 - 1e-6);
          expect(silent, rules).toEqual([0, 0, 0, 0]);
        }
      }),
      { numRuns: 3000 },
    );
    expect(good).toBeGreaterThan(50);
  });
});
