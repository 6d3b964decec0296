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
  expect([byCluster.low, byCluster.high]).toEqual([expect.closeTo(-1.27062, 5), expect.closeTo(1.27062, 5)]);
  expect(byCluster.p).toBe(1);
});

test("without a pair there is no comparison", () => {
  expect(comparePairs([])).toBeNull();
});

test("p is that of Student's t", () => {
  const pairs = [0.1, 0.3, 0.2].map((d, cluster) => ({ cluster, before: 0.5, after: 0.5 + d }));
  const { p, byCluster } = comparePairs(pairs)!; // t = 0.2 / (0.1 / √3) = √12, p = 1 - √(12 / 14)
  expect(p).toBeCloseTo(1 - Math.sqrt(12 / 14), 9);
  expect(byCluster.p).toBe(p);
});

test("a single pair has no p", () => {
  expect(comparePairs([{ cluster: 0, before: 0, after: 1 }])).toMatchObject({ n: 1, se: null, p: null, low: null });
});
