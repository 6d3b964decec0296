import { expect, test } from "vitest";
import { accuracyReward } from "../index.ts";
import { choiceLetter } from "./choice-letter.ts";

test.each([
  ["C", "C"],
  ["c", "C"],
  ["C.", "C"],
  ["C)", "C"],
  ["C:", "C"],
  ["(C)", "C"],
  ["(c).", "C"],
  ["(C) the red ball", "C"],
  ["C. the red ball", "C"],
  ["C: the red ball", "C"],
  [" C.\nThe red ball", "C"],
  ["B. Vitamin C.", "B"],
  ["C.the red ball", "C"],
])("%j chooses %s", (text, letter) => expect(choiceLetter(text)).toBe(letter));

test.each([
  ["A or B", "two letters"],
  ["A, B", "two letters"],
  ["A/B", "two letters"],
  ["A. B. C. D.", "all of them"],
  ["(A) (B)", "two letters"],
  ["A. or B.", "two letters"],
  ["A) and\nB)", "two letters"],
  ["AB", "two letters"],
  ["a red ball", "an article"],
  ["I think C", "the letter is not at the start"],
  ["the answer is C", "the letter is not at the start"],
  ["7", "a digit"],
  ["", "nothing"],
  ["ß", "no letter of a choice"],
])("%j chooses none: %s", (text) => expect(choiceLetter(text)).toBeUndefined());

test.each([
  { answer: "(C) the red ball", solution: "C", lenient: 1, strict: 0 },
  { answer: "c", solution: "C. the red ball", lenient: 1, strict: 0 },
  { answer: "B. the red ball", solution: "C. the red ball", lenient: 0, strict: 0 },
  { answer: "Yes", solution: "Yes", lenient: 1, strict: 1 },
  { answer: "yes", solution: "Yes", lenient: 0, strict: 0 },
  { answer: "A. B. C. D.", solution: "A", lenient: 0, strict: 0 },
  { answer: "", solution: "C", lenient: 0, strict: 0 },
])("$answer for $solution: $lenient, without the option $strict", ({ answer, solution, lenient, strict }) => {
  const reward = (lenientChoices: boolean) =>
    accuracyReward(`<answer>${answer}</answer>`, `<answer>${solution}</answer>`, "multiple choice", { lenientChoices });
  expect(reward(true)).toBe(lenient);
  expect(reward(false)).toBe(strict);
});
