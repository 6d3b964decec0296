import { groupBy } from "@videor1/statistics";
import { type BenchmarkName, benchmarkNames } from "../../benchmark-name.ts";
import { benchmarks } from "../../benchmarks.ts";
import { groupScores, headlineScore } from "../../headline.ts";
import type { BenchmarkItem } from "../../item.ts";
import { type YesNoMetrics, yesNoMetrics } from "../../yes-no-metrics.ts";
import type { BenchmarkScorer, Reading, Scorer } from "../scorer.ts";
import { readSafe } from "./read-safe.ts";

/**
 * Our own scorer of every benchmark, strict about guessing and lenient about form: no chance, no credit for an empty output,
 * no answer out of the thinking, no nearest option, no item dropped; an option by its letter, text or both, numbers with
 * units and in words, yes and no with words around. Each reading names the rule that found the answer.
 */
export const safe = Object.fromEntries(benchmarkNames.map((name) => [name, scorerOf(name)])) as Required<Scorer>;

function scorerOf(name: BenchmarkName): BenchmarkScorer {
  return { read: readSafe, aggregate: (items, readings) => aggregate(name, items, readings) };
}

/** The benchmark's headline number, the mean over items, and each dimension's groups: shares, every item counted. */
function aggregate(name: BenchmarkName, items: readonly BenchmarkItem[], readings: readonly Reading[]) {
  const scored = items.map((item, i) => ({ item, score: readings[i]!.score ?? 0 }));
  const groups: Record<string, Record<string, { n: number; mean: number }>> = {};
  for (const { dimension, group, n, mean } of groupScores(scored)) {
    groups[dimension] ??= {};
    groups[dimension][group] = { n, mean };
  }
  const statuses: Record<string, number> = {};
  for (const { status } of readings) if (status !== undefined) statuses[status] = (statuses[status] ?? 0) + 1;
  return {
    headline: headlineScore(benchmarks[name].headline, scored),
    label: benchmarks[name].headline.label,
    n: items.length,
    mean: headlineScore({ label: "mean over items", over: "items" }, scored),
    groups,
    statuses,
    ...(name === "pope" && { yesNo: yesNoByCategory(items, readings) }),
  };
}

function yesNoByCategory(items: readonly BenchmarkItem[], readings: readonly Reading[]): Record<string, YesNoMetrics> {
  const rows = items.map(({ gold, groups }, i) => ({
    category: groups.task ?? "",
    gold: yesOrNo(gold) ?? "no",
    said: yesOrNo(readings[i]!.extracted),
  }));
  const metricsOf = (part: typeof rows) =>
    yesNoMetrics(
      part.map(({ gold }) => gold),
      part.map(({ said }) => said),
    );
  const categories = [...groupBy(rows, ({ category }) => category)];
  return { all: metricsOf(rows), ...Object.fromEntries(categories.map(([name, part]) => [name, metricsOf(part)])) };
}

const yesOrNo = (text: unknown): "yes" | "no" | null => (text === "yes" || text === "no" ? text : null);
