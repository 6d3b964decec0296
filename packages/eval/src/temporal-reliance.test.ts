import { expect, test } from "vitest";
import { type OrderScore, temporalReliance } from "./temporal-reliance.ts";

/** Questions with these scores, two of each clip. */
const scored = (scores: readonly number[]): OrderScore[] =>
  scores.map((score, i) => ({ id: `q${i}`, score, clip: `clip ${Math.floor(i / 2)}` }));
function draws() {
  let x = 1;
  return () => {
    x = (x * 16_807) % 2_147_483_647;
    return x / 2_147_483_647;
  };
}

test("the difference is that of the paired means, gains and losses are counted", () => {
  const found = temporalReliance(scored([1, 1, 1, 0, 1, 1, 0, 1]), scored([1, 0, 0, 0, 1, 0, 1, 1]), draws())!;
  expect(found).toMatchObject({ n: 8, clips: 4, gained: 3, lost: 1, p: (2 * (1 + 4)) / 16 });
  expect(found.ordered.mean).toBe(0.75);
  expect(found.other.mean).toBe(0.5);
  expect(found.difference.mean).toBe(0.25);
  expect(found.difference.low).toBeLessThan(0.25);
  expect(found.difference.high).toBeGreaterThan(0.25);
});

test("questions that one of the two lacks are left out; none in common is nothing", () => {
  const ordered = scored([1, 0, 1]);
  expect(temporalReliance(ordered, ordered.slice(1), draws())).toMatchObject({ n: 2, difference: { mean: 0 } });
  expect(temporalReliance(ordered, [], draws())).toBeUndefined();
});
