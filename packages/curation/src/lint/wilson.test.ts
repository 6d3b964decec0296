import { expect, test } from "vitest";
import { wilson } from "./wilson.ts";

test.each([
  [0.5, 100, 1.96, 0.40383, 0.59617],
  [0, 20, 1.96, 0, 0.16113],
  [1, 20, 1.96, 0.83887, 1],
])("share %d of %i, z %d: %d to %d", (mean, n, z, low, high) => {
  const interval = wilson(mean, n, z);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

test("of nothing everything is possible", () => {
  expect(wilson(Number.NaN, 0)).toEqual({ low: 0, high: 1 });
});
