import fc from "fast-check";
import { expect, test } from "vitest";
import { apportion } from "./apportion.ts";

const all = [1000, 1000, 1000];

test.each([
  ["a whole quota is met exactly", [44, 6, 50], 100, all, [44, 6, 50]],
  ["three seats by 5, 3, 1: priorities 5, 3, 5/3", [5, 3, 1], 3, all, [2, 1, 0]],
  ["of equal priorities the earlier has the seat", [1, 1, 1], 4, all, [2, 1, 1]],
  ["what a cap leaves goes to the others in proportion", [2, 1, 1], 40, [10, 100, 100], [10, 15, 15]],
  ["no more than there is", [1, 1, 1], 10, [1, 2, 3], [1, 2, 3]],
  ["the weight 0 has no seat", [0, 1, 1], 3, all, [0, 2, 1]],
  ["no seat", [1, 2, 3], 0, all, [0, 0, 0]],
])("%s", (_, weights, total, caps, seats) => {
  expect(apportion(weights, total, caps)).toEqual(seats);
});

/** Seat after seat to the highest priority: the definition. */
function seatBySeat(weights: readonly number[], total: number, caps: readonly number[]): number[] {
  const seats = weights.map(() => 0);
  for (let seat = 0; seat < total; seat += 1) {
    const priority = weights.map((weight, i) => (seats[i]! < caps[i]! ? weight / (2 * seats[i]! + 1) : 0));
    const best = Math.max(...priority);
    if (!(best > 0)) break;
    seats[priority.indexOf(best)]! += 1;
  }
  return seats;
}

const parties = fc.array(fc.record({ weight: fc.nat(60), cap: fc.nat(80) }), { minLength: 1, maxLength: 12 });

test("it is the method seat by seat", () => {
  fc.assert(
    fc.property(parties, fc.nat(300), (parties, total) => {
      const [weights, caps] = [parties.map(({ weight }) => weight), parties.map(({ cap }) => cap)];
      expect(apportion(weights, total, caps)).toEqual(seatBySeat(weights, total, caps));
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("a larger cap gives no seat to another", () => {
  fc.assert(
    fc.property(parties, fc.nat(300), fc.nat(11), fc.nat(50), (parties, total, which, more) => {
      const [weights, caps] = [parties.map(({ weight }) => weight), parties.map(({ cap }) => cap)];
      const changed = which % parties.length;
      const before = apportion(weights, total, caps);
      const after = apportion(weights, total, caps.with(changed, caps[changed]! + more));
      for (const [i, seats] of after.entries()) if (i !== changed) expect(seats).toBeLessThanOrEqual(before[i]!);
    }),
    { seed: 2, numRuns: 200 },
  );
});
