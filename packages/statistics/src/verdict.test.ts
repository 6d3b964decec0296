import { expect, test } from "vitest";
import { comparePairs } from "./compare-pairs.ts";
import { directionOf, verdictOf } from "./verdict.ts";

test.each([
  ["higher", 0.1, 0.2],
  ["lower", -0.2, -0.1],
  ["none", -0.1, 0.2],
  ["none", 0, 0.2],
])("%s: [%d, %d]", (direction, low, high) => {
  expect(directionOf({ low, high })).toBe(direction);
});

test.each([
  ["same", [0, 0, 0]],
  ["unknown", [0.3]],
  ["unknown", [0.3, 0.3001]],
  ["none", [0.1, -0.1, 0.12, -0.05]],
  ["hint", [0.05, 0.03, 0.1]], // 2.9 se; the interval of three pairs asks for 4.3
  ["higher", [0.1, 0.12, 0.09, 0.11]],
  ["lower", [-0.1, -0.12, -0.09, -0.11]],
])("%s: %j", (verdict, differences) => {
  const pairs = differences.map((d, cluster) => ({ cluster, before: 0.5, after: 0.5 + d }));
  expect(verdictOf(comparePairs(pairs)!)).toBe(verdict);
});
