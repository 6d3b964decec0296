import { expect, test } from "vitest";
import { type DifficultyRules, weighDifficulty } from "./difficulty.ts";

const none: DifficultyRules = {
  dropSolved: false,
  dropUnsolved: false,
  weight: "none",
  leastWeight: 0,
  withoutRate: "keep",
};

test.each([
  [1, {}, 1],
  [1, { dropSolved: true }, "SOLVED"],
  [0.99, { dropSolved: true }, 0.99 ** 0],
  [0, { dropUnsolved: true }, "UNSOLVED"],
  [0.25, { weight: "4p(1-p)" }, 0.75],
  [1, { weight: "4p(1-p)" }, "WEIGHT_ZERO"],
  [1, { weight: "4p(1-p)", leastWeight: 0.1 }, 0.1],
  [0.25, { weight: "1-p" }, 0.75],
  [undefined, { weight: "4p(1-p)", dropSolved: true }, 1],
  [undefined, { withoutRate: "drop" }, "NO_PASS_RATE"],
] as const)("pass rate %s by %j: %s", (rate, rules, expected) => {
  expect(weighDifficulty(rate, { ...none, ...rules })).toBe(expected);
});
