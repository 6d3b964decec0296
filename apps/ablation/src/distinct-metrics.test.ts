import { expect, test } from "vitest";
import { distinctMetrics } from "./distinct-metrics.ts";
import { type Measures, metricNames } from "./metrics.ts";

const run = (more: Partial<Measures>): Measures => ({
  ...(Object.fromEntries(metricNames.map((name) => [name, null])) as Measures),
  ...more,
});

test("a measure that equals an earlier one in every run is left out", () => {
  const runs = [0.7, 0.6, 0.5].map((greedy) => run({ trap: 0.5, greedyTrap: greedy, temporal: greedy }));
  expect(distinctMetrics(runs)).toEqual({
    names: ["trap", "greedyTrap"],
    doubled: [{ name: "temporal", same: "greedyTrap" }],
  });
});

test("one run that differs is enough to keep it, and what no run has is no measure", () => {
  const runs = [0.7, 0.6, 0.5].map((greedy) => run({ greedyTrap: greedy, temporal: greedy === 0.6 ? 0.61 : greedy }));
  expect(distinctMetrics(runs)).toEqual({ names: ["greedyTrap", "temporal"], doubled: [] });
});

test("two runs may be equal by accident", () => {
  const runs = [run({ trap: 0, greedyTrap: 0 }), run({ trap: 0, greedyTrap: 0 })];
  expect(distinctMetrics(runs)).toEqual({ names: ["trap", "greedyTrap"], doubled: [] });
});
