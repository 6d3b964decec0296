import { expect, test } from "vitest";
import { type BestSoFar, nextBest } from "./best-so-far.ts";

const small = "small gains are the best, and do not start the patience anew";
const [nan, infinity] = [Number.NaN, Number.POSITIVE_INFINITY];

test.each<[string, boolean, number, number[], [step: number, stale: number][]]>([
  [
    "a loss",
    true,
    0,
    [3, 2, 2, 2.5, 1],
    [
      [1, 0],
      [2, 0],
      [2, 1],
      [2, 2],
      [5, 0],
    ],
  ],
  [
    "an accuracy",
    false,
    0,
    [0.1, 0.3, 0.2, 0.4],
    [
      [1, 0],
      [2, 0],
      [2, 1],
      [4, 0],
    ],
  ],
  [
    small,
    true,
    0.5,
    [3, 2.9, 2.8, 2],
    [
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 0],
    ],
  ],
  [
    "what is not finite is never better",
    true,
    0,
    [3, nan, 2, -infinity],
    [
      [1, 0],
      [1, 1],
      [3, 0],
      [3, 1],
    ],
  ],
])("%s", (_, lowerIsBetter, minDelta, values, expected) => {
  let best: BestSoFar | null = null;
  const seen = values.map((value, i) => {
    best = nextBest(best, { step: i + 1, value }, { lowerIsBetter, minDelta });
    return [best!.step, best!.stale];
  });
  expect(seen).toEqual(expected);
});

test("nothing but NaN leaves none", () => {
  expect(nextBest(null, { step: 1, value: nan }, { lowerIsBetter: true, minDelta: 0 })).toBeNull();
});
