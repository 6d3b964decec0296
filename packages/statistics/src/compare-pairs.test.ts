import { expect, test } from "vitest";
import { comparePairs } from "./compare-pairs.ts";

test("pairs are compared one by one, and once more by cluster", () => {
  const pairs = [
    { cluster: 0, before: 0.5, after: 0.7 },
    { cluster: 0, before: 0.5, after: 0.5 + 1e-12 },
    { cluster: 1, before: 0.8, after: 0.7 },
  ];
  const { n, mean, se, higher, lower, equal, byCluster } = comparePairs(pairs)!;
  expect({ n, higher, lower, equal }).toEqual({ n: 3, higher: 1, lower: 1, equal: 1 });
  expect(mean).toBeCloseTo(0.1 / 3, 9);
  expect(se).toBeCloseTo(Math.sqrt((0.2 ** 2 + 0.1 ** 2 - 0.1 ** 2 / 3) / 2 / 3), 9);
  expect(byCluster).toMatchObject({ n: 2, higher: 1 });
  expect(byCluster.mean).toBeCloseTo(0, 9); // (0.1 - 0.1) / 2
  expect(byCluster.se).toBeCloseTo(0.1, 9); // sd 0.1414 over two
});

test("without a pair there is no comparison", () => {
  expect(comparePairs([])).toBeNull();
});
