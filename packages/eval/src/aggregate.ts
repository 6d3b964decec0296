import { groupBy, mean } from "@videor1/statistics";
import type { BenchmarkName } from "./benchmark-name.ts";
import type { BenchmarkItem } from "./item.ts";
import type { Reading } from "./scorers/scorer.ts";
import { type YesNoRatios, yesNoRatios } from "./yes-no-ratios.ts";

/** Mean score of the items of a group; an item without a score counts 0. */
export interface GroupScore {
  n: number;
  score: number;
}

/** A run's numbers, shares in [0, 1]. Every item is in the denominator. */
export interface Aggregate {
  /** The benchmark's one number, by its own aggregation. */
  score: number;
  /** What that is the mean of: items, or tasks. */
  over: "items" | "tasks";
  n: number;
  /** The mean over items. */
  mean: number;
  /** Dimension -> group -> its score; the groups of one dimension may overlap, as MathVista's skills. */
  groups: Record<string, Record<string, GroupScore>>;
  /** Number of items by what kept them from a plain score. */
  statuses: Record<string, number>;
  /** POPE: how answers yes and no were right; `all` and each category. */
  yesNo?: Record<string, YesNoRatios>;
}

/** Benchmarks whose one number is the plain mean of tasks, and the task that an item's belongs to. */
const taskOf: Partial<Record<BenchmarkName, (task: string) => string>> = {
  "vsi-bench": (task) => task.replace(/^(object_rel_direction)_(?:easy|medium|hard)$/, "$1"),
  "video-mmmu": (track) => track,
  mvbench: (task) => task,
};

/**
 * The benchmark's own aggregation of scores. VSI-Bench: the mean of eight tasks, relative direction being the mean of its
 * levels. VideoMMMU: the mean of its tracks. MVBench: the mean of its tasks. Others: the mean of the items.
 *
 * @throws {RangeError} If there is no item, or not a reading for each.
 */
export function aggregateScores(
  name: BenchmarkName,
  items: readonly BenchmarkItem[],
  readings: readonly Reading[],
): Aggregate {
  if (items.length === 0) throw new RangeError("aggregateScores: there must be at least one item");
  if (items.length !== readings.length) {
    throw new RangeError(`aggregateScores: ${items.length} items need as many readings, not ${readings.length}`);
  }
  const scores = readings.map(({ score }) => score ?? 0);
  const groups = groupScores(items, scores);
  const overall = mean(scores);
  const merged = taskOf[name];
  const byTask = Object.entries(groups.task ?? {});
  const isOverTasks = merged !== undefined && byTask.length > 0;
  return {
    score: isOverTasks ? meanOfTasks(byTask, merged) : overall,
    over: isOverTasks ? "tasks" : "items",
    n: items.length,
    mean: overall,
    groups,
    statuses: countsOf(readings.flatMap(({ status }) => status ?? [])),
    ...(name === "pope" && { yesNo: yesNoByCategory(items, readings) }),
  };
}

function meanOfTasks(tasks: readonly (readonly [string, GroupScore])[], merged: (task: string) => string): number {
  const parts = groupBy(tasks, ([task]) => merged(task));
  return mean([...parts.values()].map((levels) => mean(levels.map(([, { score }]) => score))));
}

function groupScores(items: readonly BenchmarkItem[], scores: readonly number[]): Aggregate["groups"] {
  const parts: Record<string, Map<string, number[]>> = {};
  for (const [i, { groups, overlappingGroups = {} }] of items.entries()) {
    for (const [dimension, names] of [...Object.entries(groups), ...Object.entries(overlappingGroups)]) {
      parts[dimension] ??= new Map();
      for (const name of [names].flat()) {
        const part = parts[dimension].get(name);
        if (part === undefined) parts[dimension].set(name, [scores[i]!]);
        else part.push(scores[i]!);
      }
    }
  }
  return mapValues(parts, (groups) =>
    Object.fromEntries([...groups].map(([name, part]) => [name, { n: part.length, score: mean(part) }])),
  );
}

function yesNoByCategory(items: readonly BenchmarkItem[], readings: readonly Reading[]): Record<string, YesNoRatios> {
  const rows = items.map(({ gold, groups }, i) => ({
    gold,
    said: readings[i]!.extracted,
    category: groups.task ?? "",
  }));
  const categories = [...groupBy(rows, ({ category }) => category)];
  return { all: yesNoRatios(rows), ...Object.fromEntries(categories.map(([name, part]) => [name, yesNoRatios(part)])) };
}

function countsOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function mapValues<T, U>(record: Record<string, T>, make: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, make(value)]));
}

/**
 * VideoMMMU's knowledge gain in percent: (adaptation - question only) / (1 - question only) · 100, of the scores with the
 * lecture and without it. Undefined if all was right without.
 *
 * @see arXiv:2501.13826 section 4
 */
export function knowledgeGain(adaptation: number, questionOnly: number): number | undefined {
  return questionOnly >= 1 ? undefined : ((adaptation - questionOnly) / (1 - questionOnly)) * 100;
}
