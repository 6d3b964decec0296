import { expect, test } from "vitest";
import { publicBenchmarkNames } from "./benchmark-name.ts";
import { benchmarks } from "./benchmarks.ts";

test("every benchmark has published scores, in percent, each from one source", () => {
  for (const name of publicBenchmarkNames) {
    const { published } = benchmarks[name];
    expect(published.length).toBeGreaterThan(0);
    const keys = published.map(({ model, frames, source, of }) => JSON.stringify([model, frames, source, of]));
    expect(new Set(keys).size).toBe(keys.length);
    for (const { percent } of published) expect(percent > 1 && percent < 100).toBe(true);
  }
});

test("a score of a part of a benchmark says so", () => {
  const parts = benchmarks["video-mme"].published.filter(({ of }) => of !== undefined);
  expect(parts.map(({ of, percent }) => [of, percent])).toEqual([
    ["long videos", 50.6],
    ["named accuracy", 64.3],
  ]);
});
