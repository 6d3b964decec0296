import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

const keys = ["learningRate", "weightDecay", "beta", "eps"];
test.each([
  ["learningrate", "learningRate"],
  ["learning_rate", "learningRate"],
  ["wieghtDecay", "weightDecay"],
  ["bta", "beta"],
  ["temperature", undefined],
])("%s is %s", (word, expected) => {
  expect(nearest(word, keys)).toBe(expected);
});

test("nothing is near nothing", () => {
  expect(nearest("x", [])).toBeUndefined();
});
