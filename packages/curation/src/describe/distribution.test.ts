import { expect, test } from "vitest";
import { gather } from "./distribution.ts";

function distributionOf(values: readonly number[], step?: number) {
  const gathered = gather(step);
  for (const value of values) gathered.add(value);
  return gathered.finish();
}

test("exact quantiles, and bins of round width", () => {
  const values = Array.from({ length: 100 }, (_, i) => i + 1);
  const { bins, ...rest } = distributionOf(values)!;
  expect(rest).toEqual({ count: 100, min: 1, mean: 50.5, median: 50, p90: 90, p99: 99, max: 100 });
  expect(bins.map(({ from, count }) => [from, count]).slice(0, 2)).toEqual([
    [0, 4],
    [5, 5],
  ]);
  expect(bins.slice(-2)).toEqual([
    { from: 95, to: 100, count: 5 },
    { from: 100, to: 105, count: 1 },
  ]);
});

test("one value, fractions, outliers, nothing", () => {
  expect(distributionOf([7])).toMatchObject({
    min: 7,
    median: 7,
    p99: 7,
    max: 7,
    bins: [{ from: 7, to: 8, count: 1 }],
  });
  expect(distributionOf([0, 0])!.bins).toEqual([{ from: 0, to: 1, count: 2 }]);
  const fractions = distributionOf([0.5, 0.25, 29.97], 0.01)!;
  expect([fractions.min, fractions.median, fractions.max]).toEqual([0.25, 0.5, 29.97]);
  const outlier = distributionOf([...Array(999).fill(10), 1e6])!;
  expect(outlier.bins).toEqual([
    { from: 10, to: 11, count: 999 },
    { from: 11, to: 1e6, count: 1 },
  ]);
  expect(distributionOf([])).toBeUndefined();
});
