import { expect, test } from "vitest";
import { worstOf } from "./worst.ts";

const values = [0.4, 0.2, 0.9].map((value, i) => ({ sftSeed: i, rlSeed: 100 + i, value }));

test("the worst is the lowest where higher is better, and the highest where lower is", () => {
  expect(worstOf(values, "higher")).toEqual({ sftSeed: 1, rlSeed: 101, value: 0.2 });
  expect(worstOf(values, "lower")).toEqual({ sftSeed: 2, rlSeed: 102, value: 0.9 });
});

test("where neither is better, or there is nothing, there is no worst", () => {
  expect(worstOf(values, undefined)).toBeNull();
  expect(worstOf([], "higher")).toBeNull();
});
