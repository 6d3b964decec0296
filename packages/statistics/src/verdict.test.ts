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
  ["hint", [0.05, 0.04, 0.1]], // 3.4 se; of three pairs the 90 % interval asks for 2.92, that of 95 % for 4.3
  ["none", [0.05, 0.03, 0.1]], // 2.88 se
  ["hint", [0.1, 0.02, 0.04, 0, 0.05, 0.11, -0.03, 0]], // 2.1 se of eight pairs: between 1.9 and 2.4
  ["higher", [0.1, 0.12, 0.09, 0.11]],
  ["lower", [-0.1, -0.12, -0.09, -0.11]],
])("%s: %j", (verdict, differences) => {
  const pairs = differences.map((d, cluster) => ({ cluster, before: 0.5, after: 0.5 + d }));
  expect(verdictOf(comparePairs(pairs)!)).toBe(verdict);
});

test.each([
  {
    verdict: "none",
    differences: [0.2, 0.2, 0.18, 0.01, 0.02, 0, 0.1],
    clusters: [0, 0, 0, 1, 1, 1, 2],
    reason: "clusters",
  },
  { verdict: "higher", differences: [0.2, 0.21, 0.19, 0.2, 0.2, 0.21], clusters: [0, 0, 1, 1, 2, 2], reason: "both" },
  {
    verdict: "hint",
    differences: [0.8, -0.2, 0.3, 0.3, 0.3, 0.3],
    clusters: [0, 0, 1, 1, 2, 3],
    reason: "pairs, not clusters",
  },
  { verdict: "unknown", differences: [0.2, 0.21, 0.19, 0.2], clusters: [0, 0, 1, 1], reason: "two clusters" },
])("$verdict where pairs share clusters: $reason", ({ verdict, differences, clusters }) => {
  const pairs = differences.map((d, i) => ({ cluster: clusters[i]!, before: 0.5, after: 0.5 + d }));
  expect(verdictOf(comparePairs(pairs)!)).toBe(verdict);
});
