import fc from "fast-check";
import { expect, test } from "vitest";
import { wordErrorRate } from "./word-error-rate.ts";

test.each([
  { truth: "", answer: "", rate: 0, reason: "no errors" },
  { truth: "", answer: "one two", rate: 2, reason: "a truth without words divides by 1" },
  { truth: "a b", answer: "b a", rate: 1, reason: "a swap is two edits" },
  { truth: "a b c d", answer: "a x c", rate: 0.5, reason: "one substitution and one deletion" },
  { truth: "STOP", answer: "stop", rate: 1, reason: "case counts" },
  {
    truth: "a b",
    answer: "x y z",
    rate: 1.5,
    reason: "words that the truth lacks differ from each other and from all",
  },
])("$answer for $truth: $reason", ({ truth, answer, rate }) => expect(wordErrorRate(answer, truth)).toBe(rate));

/** The definition, by recursion with memory: an independent way to the same number. */
function editsByDefinition(a: readonly string[], b: readonly string[]): number {
  const known = new Map<string, number>();
  const edits = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const key = `${i},${j}`;
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    const result = Math.min(
      edits(i - 1, j) + 1,
      edits(i, j - 1) + 1,
      edits(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
    );
    known.set(key, result);
    return result;
  };
  return edits(a.length, b.length);
}

test("Levenshtein's definition over words", () => {
  const words = fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 45 });
  fc.assert(
    fc.property(words, words, (answer, truth) => {
      const rate = editsByDefinition(answer, truth) / Math.max(1, truth.length);
      expect(wordErrorRate(answer.join(" "), truth.join("\n"))).toBe(rate);
    }),
    { numRuns: 300 },
  );
});

test("a truth with more distinct words than there are UTF-16 units", () => {
  const truth = Array.from({ length: 70_000 }, (_, i) => `w${i}`);
  const answer = truth.slice(40_000, 40_020).with(3, "other");
  expect(wordErrorRate(answer.join(" "), truth.join(" "))).toBe((70_000 - 19) / 70_000);
});
