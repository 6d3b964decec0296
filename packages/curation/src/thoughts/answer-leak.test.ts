import { expect, test } from "vitest";
import { answerLeak } from "./answer-leak.ts";

test.each([
  "The given answer is B, so I need to explain it.",
  "which matches the correct answer provided",
  "Given that the solution provided is 4",
  "The ground truth says left.",
  "The ground-truth is left.",
  "as in the reference answer",
  "According to the answer, it is red",
  "The answer key has 3.",
  "Since the correct answer is C, the man must have left.",
  "I know that the answer is 5, so let me justify it",
  "the provided correct answer",
  "Hmm. <answer>B</answer> it is.",
  "the answer was already given",
])("%j gives it away", (text) => {
  expect(answerLeak(text)).toBeDefined();
});

test.each([
  "So the correct answer is B.",
  "None of the given answer options fits at first.",
  "Let me look at the provided answer choices.",
  "I'll give my answer in the answer format.",
  "The ground is wet, in truth.",
  "The given answers are A to D.",
  "The key answers the lock's shape.",
  "I don't know the answer yet.",
])("%j does not", (text) => {
  expect(answerLeak(text)).toBeUndefined();
});
