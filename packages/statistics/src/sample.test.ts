import { expect, test } from "vitest";
import { compare, sampleOf, tPoint } from "./sample.ts";

test.each([
  [1, 12.7062],
  [7, 2.3646],
  [30, 2.0423],
  [31, 2.0395],
  [60, 2.0003],
  [1000, 1.9623],
])("%i degrees of freedom: 97.5 % of t lies below %d", (freedom, point) => {
  expect(tPoint(freedom)).toBeCloseTo(point, 3);
});

test("mean, deviation and interval", () => {
  const { n, mean, sd, low, high } = sampleOf([1, 2, 3, 4])!;
  expect([n, mean]).toEqual([4, 2.5]);
  expect(sd).toBeCloseTo(Math.sqrt(5 / 3), 12);
  expect(low).toBeCloseTo(2.5 - (3.1824 * Math.sqrt(5 / 3)) / 2, 12);
  expect(high! - 2.5).toBeCloseTo(2.5 - low!, 12);
});

test("one value has no spread, none no mean", () => {
  expect(sampleOf([3])).toEqual({ n: 1, mean: 3, sd: null, low: null, high: null });
  expect(sampleOf([])).toBeNull();
  expect(compare([])).toBeNull();
});

test("pairs are compared one by one, and once more by SFT model", () => {
  const pairs = [
    { sftSeed: 0, before: 0.5, after: 0.7 },
    { sftSeed: 0, before: 0.5, after: 0.5 + 1e-12 },
    { sftSeed: 1, before: 0.8, after: 0.7 },
  ];
  const { n, mean, se, higher, lower, equal, byModel } = compare(pairs)!;
  expect({ n, higher, lower, equal }).toEqual({ n: 3, higher: 1, lower: 1, equal: 1 });
  expect(mean).toBeCloseTo(0.1 / 3, 9);
  expect(se).toBeCloseTo(Math.sqrt((0.2 ** 2 + 0.1 ** 2 - 0.1 ** 2 / 3) / 2 / 3), 9);
  expect(byModel).toMatchObject({ n: 2, higher: 1 });
  expect(byModel.mean).toBeCloseTo(0, 9); // (0.1 - 0.1) / 2
  expect(byModel.se).toBeCloseTo(0.1, 9); // sd 0.1414 over two
});
