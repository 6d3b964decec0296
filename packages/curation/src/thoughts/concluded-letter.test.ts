import { expect, test } from "vitest";
import { concludedLetter, lettersOf } from "./concluded-letter.ts";

const letters = ["A", "B", "C", "D"];

test.each([
  ["The answer is B.", "B"],
  ["So the correct answer must be (C).", "C"],
  ["Is it A? The answer is A. Wait, no. The answer is D.", "D"],
  ["I'll go with option B", "B"],
  ["So it's **D**.", "D"],
  ["Therefore, option A is correct.", "A"],
  ["Thus, it corresponds to option C.", "C"],
  ["The correct option: B", "B"],
  ["answer: C", "C"],
  ["Hmm, option B shows a dog and option C a cat.", undefined],
  ["The answer is not B.", undefined],
  ["So A dog runs away.", undefined],
  ["The answer is Blue.", undefined],
  ["The answer is E.", undefined],
  ["So it's a cat.", undefined],
  ["Option A is wrong, so option D is the one. Option B would be the second best.", "D"],
  ["", undefined],
])("%j: %s", (text, letter) => {
  expect(concludedLetter(text, letters)).toBe(letter);
});

test("options have the letters that they begin with, or that of their place", () => {
  expect(lettersOf(["A. x", "(C) y", "D: z", "B", "red"])).toEqual(["A", "C", "D", "B", "E"]);
});
