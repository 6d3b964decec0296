import { expect, test } from "vitest";
import { tPoint } from "./student-t.ts";

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
