import { expect, test } from "vitest";
import { type Measures, metricNames } from "./metrics.ts";
import { resultsOf } from "./results.ts";

const none = Object.fromEntries(metricNames.map((name) => [name, null])) as Measures;
const arm = (name: string, traps: readonly number[], shortcuts: readonly number[]) => ({
  arm: name,
  about: name,
  runs: traps.map((trap, i) => ({
    sftSeed: i % 2,
    rlSeed: 10 + i,
    measures: { ...none, trap, greedyTrap: trap, shortcut: shortcuts[i]! },
  })),
});
const arms = [
  arm("grpo", [0.5, 0.6, 0.7, 0.8], [0.1, 0.2, 0.3, 0.4]),
  arm("contrast", [0.7, 0.5, 0.8, 0.9], [0, 0.3, 0, 0]),
];
const results = resultsOf(arms, { base: "grpo", comparisons: [["contrast", "absent"]] }, 9);

test("every arm has the worst of its runs, by whether higher or lower is better", () => {
  expect(results.arms[0]!.worst).toMatchObject({
    trap: { sftSeed: 0, rlSeed: 10, value: 0.5 },
    shortcut: { sftSeed: 1, rlSeed: 13, value: 0.4 },
  });
});

test("every comparison has the pair that changed most for the worse", () => {
  const [comparison, ...others] = results.comparisons;
  expect(others).toEqual([]); // of the absent arm there is none
  expect(comparison!.worst.trap).toEqual({ sftSeed: 1, rlSeed: 11, value: expect.closeTo(-0.1, 12) });
  expect(comparison!.worst.shortcut).toEqual({ sftSeed: 1, rlSeed: 11, value: expect.closeTo(0.1, 12) });
  expect(comparison!.comparisons.trap).toMatchObject({ n: 4, higher: 3, lower: 1, byCluster: { n: 2, higher: 1 } });
});

test("the doubled measure is left out everywhere, and the runs are counted", () => {
  expect(results.metrics).toEqual(["trap", "shortcut"]);
  expect(results.doubled).toEqual([{ name: "greedyTrap", same: "trap" }]);
  expect(Object.keys(results.comparisons[0]!.comparisons)).toEqual(["trap", "shortcut"]);
  expect([results.finished, results.planned]).toEqual([8, 9]);
});
