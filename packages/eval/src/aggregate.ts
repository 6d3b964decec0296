import { groupBy, mean } from "@videor1/statistics";
import type { BenchmarkName } from "./benchmark-name.ts";
import { benchmarks } from "./benchmarks.ts";
import { groupScores, headlineOf, headlineScore } from "./headline.ts";
import type { BenchmarkItem } from "./item.ts";
import type { Reading } from "./scorers/scorer.ts";
import { type YesNoMetrics, yesNoMetrics } from "./yes-no-metrics.ts";

/** A run's numbers, shares in [0, 1]. Every item is in the denominator. */
export interface RunScores {
  /** The benchmark's one number, by its own aggregation: see `Benchmark.headline`. */
  score: number;
  /** What that is the mean of: `items`, or the groups of a dimension. */
  over: string;
  n: number;
  /** The mean over items. */
  mean: number;
  /** Dimension -> group -> mean and number of items; groups of one dimension may overlap, as MathVista's skills. */
  groups: Record<string, Record<string, { n: number; mean: number }>>;
  /** Number of items by what kept them from a plain score. */
  statuses: Record<string, number>;
  /** POPE: how answers yes and no were right; `all` and each category. */
  yesNo?: Record<string, YesNoMetrics>;
}

/**
 * A run's readings by the benchmark's own aggregation; an item without a score counts 0.
 *
 * @throws {RangeError} If there is no item, or not a reading for each.
 */
export function aggregateScores(
  name: BenchmarkName,
  items: readonly BenchmarkItem[],
  readings: readonly Reading[],
): RunScores {
  if (items.length !== readings.length)
    throw new RangeError(`aggregateScores: ${items.length} items need as many readings, not ${readings.length}`);
  const headline = headlineOf(benchmarks[name].headline, items);
  const scored = items.map((item, i) => ({ item, score: Math.max(0, readings[i]!.score ?? 0) }));
  const groups: RunScores["groups"] = {};
  for (const { dimension, group, ...scores } of groupScores(scored))
    groups[dimension] = { ...groups[dimension], [group]: scores };
  return {
    score: headlineScore(headline, scored),
    over: headline.over,
    n: items.length,
    mean: mean(scored.map(({ score }) => score)),
    groups,
    statuses: countsOf(readings.flatMap(({ status }) => status ?? [])),
    ...(name === "pope" && { yesNo: yesNoByCategory(items, readings) }),
  };
}

function yesNoByCategory(items: readonly BenchmarkItem[], readings: readonly Reading[]): Record<string, YesNoMetrics> {
  const rows = items.map(({ gold, groups }, i) => ({
    gold: gold as "yes" | "no",
    said: readings[i]!.extracted,
    category: groups.task ?? "",
  }));
  const metricsOf = (part: typeof rows) =>
    yesNoMetrics(
      part.map(({ gold }) => gold),
      part.map(({ said }) => (said === "yes" || said === "no" ? said : null)),
    );
  const categories = [...groupBy(rows, ({ category }) => category)];
  return { all: metricsOf(rows), ...Object.fromEntries(categories.map(([name, part]) => [name, metricsOf(part)])) };
}

function countsOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
