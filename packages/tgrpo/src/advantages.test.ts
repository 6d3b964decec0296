import fc from "fast-check";
import { expect, test } from "vitest";
import { groupAdvantages } from "./advantages.ts";

const exact = { scale: "std", ddof: 1, eps: 0, minStd: 0 } as const;
const rewards = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 16 });
const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

test("a worked example", () => {
  expect(groupAdvantages([1, 2, 3], exact)).toEqual([-1, 0, 1]);
  expect(groupAdvantages([1, 2, 3], { ...exact, ddof: 0 })[2]).toBeCloseTo(Math.sqrt(1.5), 15);
  expect(groupAdvantages([1, 2, 3], { ...exact, eps: 1 })).toEqual([-0.5, 0, 0.5]);
  expect(groupAdvantages([1, 2, 6], { ...exact, scale: "none" })).toEqual([-2, -1, 3]);
});

test("mean 0, sample variance 1, order kept", () => {
  fc.assert(
    fc.property(
      rewards.filter((r) => spread(r) > 1e-3),
      (r) => {
        const a = groupAdvantages(r, exact);
        expect(a.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 6);
        expect(a.reduce((sum, x) => sum + x * x, 0) / (r.length - 1)).toBeCloseTo(1, 6);
        for (const [i, x] of r.entries())
          for (const [j, y] of r.entries()) if (x > y) expect(a[i]!).toBeGreaterThanOrEqual(a[j]!);
      },
    ),
  );
});

test("unchanged by a shift and a positive scale of the rewards", () => {
  fc.assert(
    fc.property(
      rewards.filter((r) => spread(r) > 1e-2),
      fc.double({ min: 0.1, max: 10, noNaN: true }),
      fc.double({ min: -5, max: 5, noNaN: true }),
      (r, scale, shift) => {
        const a = groupAdvantages(r, exact);
        const b = groupAdvantages(
          r.map((x) => scale * x + shift),
          exact,
        );
        for (const [i, x] of a.entries()) expect(b[i]!).toBeCloseTo(x, 8);
      },
    ),
  );
});

test("equal rewards have no advantage, whatever rounding does to their mean", () => {
  expect(groupAdvantages([0.1, 0.1, 0.1], exact)).toEqual([0, 0, 0]);
  expect(
    groupAdvantages(
      Array.from({ length: 7 }, () => 2.3),
      { ...exact, eps: 1e-4, minStd: 0 },
    ),
  ).toEqual([0, 0, 0, 0, 0, 0, 0]);
});

test.each<[string, number[], RegExp]>([
  ["a group of one", [1], /at least 2 rollouts, got 1/],
  ["a reward that is not a number", [1, Number.NaN], /reward 1 is NaN/],
  ["an infinite reward", [Number.POSITIVE_INFINITY, 1], /reward 0 is Infinity/],
])("refuses %s", (_, r, message) => {
  expect(() => groupAdvantages(r, exact)).toThrow(message);
});

test("equal rewards have no advantage, however large they are and however many", () => {
  for (const reward of [0.1, 1e4 + 0.1, 1e5 + 0.1, 1e9 / 3])
    for (let size = 2; size <= 16; size++)
      for (const eps of [0, 1e-4])
        expect(groupAdvantages(Array(size).fill(reward), { ...exact, eps })).toEqual(Array(size).fill(0));
});
