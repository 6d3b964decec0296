import { comparePairs } from "@videor1/statistics";
import { expect, test } from "vitest";
import { countCells, pValues } from "./chance.ts";

const compared = (differences: readonly number[], clusterOf = (i: number) => i) =>
  comparePairs(differences.map((d, i) => ({ cluster: clusterOf(i), before: 0.5, after: 0.5 + d })))!;
const higher = compared([0.1, 0.12, 0.09, 0.11]);
const hint = compared([0.05, 0.04, 0.1]);
const none = compared([0.1, -0.1, 0.12, -0.05]);
const unknown = compared([0.1, 0.2]);

test("cells are counted by verdict; one in twenty differs by chance", () => {
  const cells = countCells([
    { comparisons: { trap: higher, other: none } },
    { comparisons: { trap: hint, other: unknown } },
  ]);
  expect(cells).toEqual({ judged: 3, differ: 1, hints: 1, byChance: 0.15 });
});

test("p values are corrected for the comparisons of the measure that can be judged", () => {
  const [first, second, third, fourth] = pValues(
    [
      { comparisons: { trap: higher } },
      { comparisons: { trap: unknown, other: higher } },
      { comparisons: { trap: none } },
      { comparisons: {} },
    ],
    "trap",
  );
  expect(first!.p).toBeCloseTo(higher.p!, 12);
  expect(first!.corrected).toBeCloseTo(2 * higher.p!, 12);
  expect(third).toEqual({ p: none.p, corrected: none.p });
  expect([second, fourth]).toEqual([null, null]);
});

test("where pairs share SFT models the larger p counts", () => {
  const shared = compared([0.2, 0.22, 0.1, 0.12, 0.02, 0.01], (i) => Math.floor(i / 2));
  const [values] = pValues([{ comparisons: { trap: shared } }], "trap");
  expect(shared.byCluster.p!).toBeGreaterThan(shared.p!);
  expect(values!.p).toBe(shared.byCluster.p);
});
