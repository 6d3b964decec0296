import { describe, expect, test } from "vitest";
import { accuracyReward } from "../index.ts";
import { choiceLetter, choiceLetters } from "./choice-letter.ts";

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
  ["C. c", "C"],
  ["B: B", "B"],
  ["C. X", "C"],
  ["D. I", "D"],
  ["A. A man in a T-shirt, and a dog", "A"],
  ["A. The U.S. flag", "A"],
  ["A. at 5 p.m.", "A"],
  ["A. Because I see it", "A"],
  ["A. 25 °C", "A"],
  ["A. Team B wins", "A"],
  ["A. it's what they'd do", "A"],
  ["A. 维生素C", "A"],
  ["C. the red ball. The answer is C.", "C"],
  ["D. All of the above", "D"],
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
  ["A.B", "two letters"],
  ["A.B.C", "a joined list"],
  ["(A)(B)(C)(D)", "a joined list"],
  ["A.B.C.D", "a joined list"],
  ["A)B)C)D)", "a joined list"],
  ["A:B:C:D", "a joined list"],
  ["a.b.c.d.", "a joined list"],
  ["A.B.", "a joined list"],
  ["A. red\nB. blue\nC. green\nD. black", "the options, line by line"],
  ["(A) red (B) blue (C) green (D) black", "the options"],
  ["(a) red (b) blue", "the options"],
  ["A) red, B) blue", "the options"],
  ["A: red B: blue", "the options"],
  ["A. 1 B. 2 C. 3", "the options, which are numbers"],
  ["(A) 1 B 2", "the options, which are numbers"],
  ["A.红色B.蓝色", "the options"],
  ["A. red [B] blue", "the options"],
  ["A. or D. both fit", "two letters"],
  ["A. No, B.", "a correction"],
  ["A. is wrong, so B", "a correction"],
  ["A. is wrong so b", "a correction"],
  ["B. is wrong, so a", "a correction"],
  ["A. whereas B is better", "a correction"],
  ["A. 错误，应选B", "a correction"],
  ["A. B. C. D. all", "all of them"],
  ["A. B/C", "three letters"],
  ["A. B-C", "three letters"],
  ["A. (or B, or C)", "three letters"],
  ["C. A", "the text of the option, or another letter: without the options nobody knows"],
  ["a red ball", "an article"],
  ["I think C", "the letter is not at the start"],
  ["the answer is not C", "a denial"],
  ["C is wrong", "something said of the letter"],
  ["C. is not correct", "something said of the letter"],
  ["the answer is a dog", "an article"],
  ["the answer is C or D", "two options"],
  ["I choose neither C", "a denial"],
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

test.each([
  "the answer is C",
  "The answer is (C).",
  "The correct answer is: C",
  "Answer: C",
  "So, the answer is option C",
  "Option C",
  "I choose C",
  "[C]",
  "C,",
  "C。",
  "（C）",
  "C - the red ball",
  "C – the red ball",
])("%j chooses C", (text) => expect(choiceLetter(text)).toBe("C"));

describe("several letters", () => {
  test.each([
    "A,C",
    "C, A",
    "A and C",
    "C & A",
    "(A)(C)",
    "(A) (C)",
    "AC",
    "A;C",
    "A、C",
    "A和C",
    "A C.",
    "The answer is A, C",
    "A,C,A",
  ])("%j are A and C", (text) => expect(choiceLetters(text)).toBe("AC"));

  test.each(["A", "", "A or C", "A, red", "ACA", "A-C", "not A, C", "a,c,", "ABCDEFGHI", "A.C but B"])(
    "%j are none",
    (text) => expect(choiceLetters(text)).toBeUndefined(),
  );
});
