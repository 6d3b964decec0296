import { expect, test } from "vitest";
import { longestLoop, repeatedShare } from "./repetition.ts";
import { wordsOf } from "./words-of.ts";

test.each([
  ["", 0],
  ["one two three four", 0],
  ["one two three four five six", 0],
  ["a b c d a b c d", 1 / 5],
  ["no no no no no no no no", 4 / 5],
])("%j repeats %d of its sequences", (text, share) => {
  expect(repeatedShare(wordsOf(text))).toBeCloseTo(share);
});

test.each([
  ["all words differ here", undefined],
  ["very very good", { phrase: "very", times: 2 }],
  ["no no no no, it is, it is", { phrase: "no", times: 4 }],
  ["So: wait, let me see. Wait, let me see. Wait, let me see! Done", { phrase: "wait let me see", times: 3 }],
  ["a b c a b x", undefined],
  ["看看看看", { phrase: "看", times: 4 }],
])("%j loops", (text, loop) => {
  expect(longestLoop(wordsOf(text))).toEqual(loop);
});
