import { describe, expect, test } from "vitest";
import { readGolden } from "../test/golden.ts";
import { meanRelativeAccuracy } from "./mean-relative-accuracy.ts";

interface MraGolden {
  source: { repo: string; commit: string };
  tolerance: number;
  cases: { pred: number; target: number; mra: number }[];
}
const golden = readGolden<MraGolden>("mean-relative-accuracy");

describe(`as ${golden.source.repo}@${golden.source.commit}`, () => {
  test.each(golden.cases)("$pred for $target", ({ pred, target, mra }) => {
    expect(Math.abs(meanRelativeAccuracy(pred, target, { rules: "video-r1" }) - mra)).toBeLessThanOrEqual(
      golden.tolerance,
    );
  });

  test("all 204 recorded cases are here", () => expect(golden.cases).toHaveLength(204));
});

// What numpy 2.4 gives for np.mean(abs(p - t) / t <= 1 - np.linspace(0.5, 0.95, 10)), beside the original's form.
test.each([
  [9, 10, 0.9, 0.9],
  [8, 10, 0.6, 0.6],
  [1, 2, 0.1, 0],
  [3, 2, 0.1, 0],
  [5, 10, 0.1, 0],
  [3, 4, 0.6, 0.5],
  [9.5, 10, 1, 1],
  [10, 10, 1, 1],
  [21, 10, 0, 0],
])("%d for %d: official %d, the original %d", (prediction, truth, official, original) => {
  expect(meanRelativeAccuracy(prediction, truth)).toBe(official);
  expect(meanRelativeAccuracy(prediction, truth, { rules: "video-r1" })).toBe(Math.fround(original));
});

test.each([
  [0, 0, 1, "where the official form divides by zero"],
  [0.001, 0, 0, "where the official form divides by zero"],
  [-9, -10, 0.9, "where the official error is negative, and every prediction right"],
  [50, -10, 0, "where the official error is negative, and every prediction right"],
])("safe: %d for %d is %d, %s", (prediction, truth, expected) => {
  expect(meanRelativeAccuracy(prediction, truth)).toBe(expected);
});

describe.each(["video-r1", "safe"] as const)("%s", (rules) => {
  test.each([
    [Number.NaN, 1],
    [1, Number.NaN],
    [Number.POSITIVE_INFINITY, 1],
    [1, Number.POSITIVE_INFINITY],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])("no credit for %f against %f", (prediction, truth) =>
    expect(meanRelativeAccuracy(prediction, truth, { rules })).toBe(0),
  );
});
