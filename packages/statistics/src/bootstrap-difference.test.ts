import { expect, test } from "vitest";
import { bootstrapDifference } from "./bootstrap-difference.ts";
import { pairedDifference } from "./paired-difference.ts";

/** A small generator, so that the package stays without dependencies: the fractional parts of multiples of the golden ratio. */
function uniform() {
  let x = 0.5;
  return () => {
    x = ((16_807 * Math.round(x * 2_147_483_646) + 11) % 2_147_483_647) / 2_147_483_647;
    return x;
  };
}

const before = Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? 1 : 0));
const after = Array.from({ length: 200 }, (_, i) => (i % 3 === 0 || i % 7 === 0 ? 1 : 0));
const each = [...before.keys()];

test("with every pair its own cluster it agrees with the interval by formula", () => {
  const { mean, low, high } = bootstrapDifference(before, after, each, { next: uniform() });
  const formula = pairedDifference(before, after);
  expect(mean).toBeCloseTo(formula.mean, 12);
  expect(low).toBeCloseTo(formula.low, 1.5);
  expect(high).toBeCloseTo(formula.high, 1.5);
  expect(low).toBeLessThan(mean);
  expect(high).toBeGreaterThan(mean);
});

test("pairs that come in clusters of ten alike are worth a tenth", () => {
  const gains = Array.from({ length: 20 }, (_, video) => (video % 4 === 0 ? 1 : 0));
  const scores = gains.flatMap((gain) => Array.from({ length: 10 }, () => gain));
  const zeros = scores.map(() => 0);
  const width = (clusters: readonly number[]) => {
    const { low, high } = bootstrapDifference(zeros, scores, clusters, { next: uniform() });
    return high - low;
  };
  const ratio = width(scores.map((_, i) => Math.floor(i / 10))) / width(scores.map((_, i) => i));
  expect(ratio).toBeGreaterThan(2.5);
  expect(ratio).toBeLessThan(4);
});

test("clusters that differ alike still leave doubt, less of it the more there are", () => {
  const width = (clusters: number) => {
    const scores = new Array<number>(2 * clusters).fill(1);
    const names = scores.map((_, i) => i % clusters);
    const { mean, low, high } = bootstrapDifference(scores, scores, names, { next: uniform() });
    expect(mean).toBe(0);
    return high - low;
  };
  expect(width(40)).toBeGreaterThan(0);
  expect(width(5)).toBeGreaterThan(2 * width(40));
});

test("equal draws give equal intervals", () => {
  const once = () => bootstrapDifference(before, after, each, { next: uniform(), resamples: 200 });
  expect(once()).toEqual(once());
});

test("refuses scores that do not pair up", () => {
  expect(() => bootstrapDifference([1], [1, 0], ["a"], { next: uniform() })).toThrow("do not pair up");
  expect(() => bootstrapDifference([], [], [], { next: uniform() })).toThrow(RangeError);
});
