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

test("clusters of one score each change nothing", () => {
  const scores = [1, 0, 1, 1, 0.5, 0, 1];
  expect(estimateMean(scores, [...scores.keys()])).toEqual(estimateMean(scores));
});

test("scores that are equal within each cluster count once a cluster", () => {
  const videos = [1, 0, 1, 1, 0, 1, 1, 0];
  const { low, high } = estimateMean(videos)!;
  const scores = videos.flatMap((score) => [score, score, score]);
  const estimate = estimateMean(
    scores,
    scores.map((_, i) => `video ${Math.floor(i / 3)}`),
  )!;
  // of 24 scores in 8 clusters, deff = 3 (23/24)(8/7): the same but for the two samples' n/(n-1)
  const deff = 3 * (23 / 24) * (8 / 7);
  expect(estimate.n).toBe(24);
  expect(24 / deff).toBeCloseTo(8 * (24 / 23) * (7 / 8), 12);
  expect(estimate.low).toBeLessThan(low + 0.01);
  expect(estimate.high).toBeGreaterThan(high - 0.01);
  const [wide, narrow] = [estimate, estimateMean(scores)!].map((e) => e.high - e.low);
  expect(wide! / narrow!).toBeGreaterThan(1.5);
});

test("all right: as many scores as clusters", () => {
  expect(estimateMean([1, 1, 1, 1], ["a", "a", "b", "b"])).toMatchObject({ n: 4, low: estimateMean([1, 1])!.low });
  expect(estimateMean([1, 0], ["a", "a"])).toMatchObject({ mean: 0.5, low: estimateMean([0.5])!.low });
  expect(() => estimateMean([1, 1], ["a"])).toThrow("2 scores and 1 clusters");
});
