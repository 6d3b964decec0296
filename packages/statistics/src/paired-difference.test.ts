import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pairedDifference } from "./paired-difference.ts";

describe("pairedDifference", () => {
  test("is Wald + 2: 10 pairs, 6 gained, 1 lost", () => {
    const before = [0, 0, 0, 0, 0, 0, 1, 1, 1, 0];
    const after = [1, 1, 1, 1, 1, 1, 0, 1, 1, 0];
    const { mean, low, high } = pairedDifference(before, after);
    // (6.5 - 1.5) / 12 and sqrt((6.5 + 1.5) / 12 - (5 / 12)²) / sqrt(12), from the counts of the four cells
    const centre = 5 / 12;
    const half = (1.959963984540054 * Math.sqrt(8 / 12 - centre ** 2)) / Math.sqrt(12);
    expect(mean).toBeCloseTo(0.5, 12);
    expect(low).toBeCloseTo(centre - half, 12);
    expect(high).toBeCloseTo(Math.min(1, centre + half), 12);
  });

  test("pairs that all agree still leave doubt, less of it the more there are", () => {
    const width = (n: number) => {
      const { low, high } = pairedDifference(new Array(n).fill(1), new Array(n).fill(1));
      return high - low;
    };
    expect(width(5)).toBeGreaterThan(width(50));
    expect(width(50)).toBeGreaterThan(0);
  });

  test("swapping before and after mirrors the interval", () => {
    const scores = fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(scores, (pairs) => {
        const [before, after] = [pairs.map(([b]) => b), pairs.map(([, a]) => a)];
        const there = pairedDifference(before, after);
        const back = pairedDifference(after, before);
        expect(back.low).toBeCloseTo(-there.high, 9);
        expect(back.mean).toBeCloseTo(-there.mean, 9);
        expect(there.low).toBeLessThanOrEqual(there.high);
      }),
    );
  });

  test("refuses scores that do not pair up", () => {
    expect(() => pairedDifference([1], [1, 0])).toThrow("1 and 2 scores do not pair up");
    expect(() => pairedDifference([], [])).toThrow(RangeError);
  });
});
