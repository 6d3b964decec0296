import { expect, test } from "vitest";
import { sampleOf, standardError } from "./sample.ts";

test("mean, deviation and interval", () => {
  const sample = sampleOf([1, 2, 3, 4])!;
  const { n, mean, sd, low, high } = sample;
  expect([n, mean]).toEqual([4, 2.5]);
  expect(sd).toBeCloseTo(Math.sqrt(5 / 3), 12);
  expect(low).toBeCloseTo(2.5 - (3.1824 * Math.sqrt(5 / 3)) / 2, 12);
  expect(high! - 2.5).toBeCloseTo(2.5 - low!, 12);
  expect(standardError(sample)).toBeCloseTo(Math.sqrt(5 / 3) / 2, 12);
});

test("one value has no spread, none no mean", () => {
  expect(sampleOf([3])).toEqual({ n: 1, mean: 3, sd: null, low: null, high: null });
  expect(standardError(sampleOf([3])!)).toBeNull();
  expect(sampleOf([])).toBeNull();
});
