import { expect, test } from "vitest";
import type { Headline, ScoredItem } from "./headline.ts";
import { headlineInterval } from "./headline-interval.ts";
import type { BenchmarkItem } from "./item.ts";

const scored = (rows: readonly [task: string, clip: string, score: number][]): ScoredItem[] =>
  rows.map(([task, clip, score], i) => {
    const item = { id: String(i), groups: { task }, media: [{ kind: "video", path: clip }] } as unknown;
    return { item: item as BenchmarkItem, score };
  });
function draws() {
  let x = 1;
  return () => {
    x = (x * 16_807) % 2_147_483_647;
    return x / 2_147_483_647;
  };
}
const overTasks: Headline = { label: "", over: "task", merged: { direction: ["easy", "hard"] } };
const many = scored(
  Array.from({ length: 120 }, (_, i) => [["easy", "hard", "count"][i % 3]!, `clip ${i % 30}`, i % 5 === 0 ? 0 : 1]),
);

test("of a mean over groups the interval is around the headline, from resampled clips", () => {
  const { n, mean, low, high } = headlineInterval(overTasks, many, { next: draws() });
  expect([n, mean]).toEqual([120, 0.8]);
  expect(low).toBeLessThan(0.8);
  expect(low).toBeGreaterThan(0.5);
  expect(high).toBeGreaterThan(0.8);
  expect(high).toBeLessThan(1);
});

test("where all items of a task score alike, only the tasks' mean is left", () => {
  const alike = scored([
    ["easy", "a", 1],
    ["hard", "a", 0],
    ["count", "a", 0.25],
  ]);
  expect(headlineInterval(overTasks, alike, { next: draws() })).toEqual({ n: 3, mean: 0.375, low: 0.375, high: 0.375 });
});

test("of a mean over items it is Wilson's with the clips' design effect", () => {
  const headline = { label: "", over: "items" };
  const each = headlineInterval(
    headline,
    many.map(({ item, score }, i) => {
      return { item: { ...item, media: [{ kind: "video", path: `clip ${i}` }] }, score };
    }),
    { next: draws() },
  );
  const clustered = headlineInterval(
    headline,
    scored(many.map(({ score }, i) => ["t", `clip ${i < 60 ? Number(score) : i}`, score])),
    { next: draws() },
  );
  expect(each.mean).toBe(0.8);
  expect(clustered.high - clustered.low).toBeGreaterThan(each.high - each.low);
});
