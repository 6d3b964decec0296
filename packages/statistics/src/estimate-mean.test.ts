import fc from "fast-check";
import { expect, test } from "vitest";
import { estimateMean } from "./estimate-mean.ts";

// The roots x of (p - x)² = z² x (1 - x) / n, found by bisection with 50 digits.
test.each([
  { right: 8, n: 10, low: 0.49016247153664, high: 0.94331784854562 },
  { right: 0, n: 20, low: 0, high: 0.16112515805282 },
  { right: 20, n: 20, low: 0.83887484194718, high: 1 },
  { right: 400, n: 625, low: 0.60161883138494, high: 0.67667070812505 },
])("$right of $n", ({ right, n, low, high }) => {
  const estimate = estimateMean(Array.from({ length: n }, (_, i) => (i < right ? 1 : 0)))!;
  expect(estimate.n).toBe(n);
  expect(estimate.mean).toBe(right / n);
  expect(estimate.low).toBeCloseTo(low, 12);
  expect(estimate.high).toBeCloseTo(high, 12);
});

test("the interval holds the mean and stays within [0, 1]", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (scores) => {
      const { mean, low, high } = estimateMean(scores)!;
      expect(low).toBeGreaterThanOrEqual(0);
      expect(low).toBeLessThanOrEqual(mean + 1e-12);
      expect(high).toBeGreaterThanOrEqual(mean - 1e-12);
      expect(high).toBeLessThanOrEqual(1);
    }),
  );
});

test("no scores have no mean, and a score outside [0, 1] is a mistake", () => {
  expect(estimateMean([])).toBeUndefined();
  expect(() => estimateMean([0.5, 1.2])).toThrow("got 1.2");
  expect(() => estimateMean([Number.NaN])).toThrow(RangeError);
});
