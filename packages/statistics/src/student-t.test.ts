import { expect, test } from "vitest";
import { tPoint, tTwoSided } from "./student-t.ts";

test.each([
  [1, 12.7062],
  [7, 2.3646],
  [30, 2.0423],
  [31, 2.0395],
  [60, 2.0003],
  [1000, 1.9623],
])("%i degrees of freedom: 97.5 % of t lies below %d", (freedom, point) => {
  expect(tPoint(freedom)).toBeCloseTo(point, 3);
  expect(tTwoSided(point, freedom)).toBeCloseTo(0.05, 4);
});

// The printed 95 % points: 10 % lie beyond them on the two sides.
test.each([
  [1, 6.3138],
  [2, 2.92],
  [3, 2.3534],
  [7, 1.8946],
  [15, 1.7531],
])("%i degrees of freedom: |t| is beyond %d in 10 %", (freedom, point) => {
  expect(tTwoSided(point, freedom)).toBeCloseTo(0.1, 4);
  expect(tTwoSided(-point, freedom)).toBeCloseTo(0.1, 4);
});

test("everything is at least as far off as 0, nothing as infinity", () => {
  for (const freedom of [1, 2, 3, 8]) {
    expect(tTwoSided(0, freedom)).toBe(1);
    expect(tTwoSided(Number.POSITIVE_INFINITY, freedom)).toBeCloseTo(0, 12);
  }
});
