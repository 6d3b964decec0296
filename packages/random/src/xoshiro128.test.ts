import { expect, test } from "vitest";
import { xoshiro128 } from "./xoshiro128.ts";

test("the outputs of the reference implementation from state 1 2 3 4", () => {
  const next = xoshiro128([1, 2, 3, 4]);
  const expected = [
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ];
  expect(expected.map(next)).toEqual(expected);
});
