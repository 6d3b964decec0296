import { describe, expect, test } from "vitest";
import { quantile, smooth, windowOf } from "./smooth.ts";

describe("smooth", () => {
  test("is the centred mean, over fewer steps at the ends", () => {
    expect(smooth([1, 2, 6, 10], 3)).toEqual([1.5, 3, 6, 8]);
  });

  test("leaves steps without a value out, and is null where there is none", () => {
    expect(smooth([1, null, 3, null, null, null], 3)).toEqual([1, 2, 3, 3, null, null]);
  });
});

test.each([
  { steps: 4, window: 3, reason: "never less than 3" },
  { steps: 80, window: 11, reason: "an eighth of the steps, odd" },
  { steps: 1600, window: 201, reason: "an eighth of the steps, odd" },
])("a curve of $steps steps is smoothed over $window: $reason", ({ steps, window }) => {
  expect(windowOf(steps)).toBe(window);
});

test.each([
  { values: [3, 1, 2], q: 0.5, expected: 2, reason: "the middle one" },
  { values: [4, 1], q: 0.25, expected: 1.75, reason: "linear between neighbours" },
  { values: [null, 5, null], q: 0.9, expected: 5, reason: "of the values that are there" },
  { values: [null], q: 0.5, expected: null, reason: "none is there" },
])("quantile $q of $values is $expected: $reason", ({ values, q, expected }) => {
  expect(quantile(values, q)).toBe(expected);
});
