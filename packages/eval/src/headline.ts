import { groupBy, mean } from "@videor1/statistics";
import type { BenchmarkItem } from "./item.ts";

/** How the scores of items become one number. */
export interface Headline {
  /** What it is, for a report: `mean of 8 tasks`. */
  label: string;
  /** `items`: the mean over all; else a dimension, over whose groups' means the unweighted mean is taken. */
  over: "items" | (string & {});
  /** Groups whose means become one group's first: name -> groups. */
  merged?: Readonly<Record<string, readonly string[]>>;
}

/** An item and what it earned, in [0, 1]. */
export interface ScoredItem {
  item: BenchmarkItem;
  score: number;
}

/**
 * The headline that items allow: of records that do not name the dimension, as Video-R1's of VSI-Bench, the mean over items.
 */
export function headlineOf(headline: Headline, items: readonly BenchmarkItem[]): Headline {
  const isNamed = items.every((item) => groupsOf(item).some(([dimension]) => dimension === headline.over));
  return headline.over === "items" || isNamed ? headline : { label: "mean of items", over: "items" };
}

/** Scores of the items of one group. */
export interface GroupScore {
  dimension: string;
  group: string;
  n: number;
  mean: number;
}

/**
 * The number that a benchmark is known by: the mean over items, or the unweighted mean over groups of their means.
 *
 * Groups without an item do not count, so that of a part of a benchmark it is another number than of the whole. Of items that are
 * in no group it is the mean, see {@link headlineOf}.
 *
 * @throws {RangeError} If there is no item.
 * @see thinking-in-space@51e089c `vsibench_aggregate_results`; VideoMMMU: mean of tracks; MVBench: mean of tasks
 */
export function headlineScore(headline: Headline, scored: readonly ScoredItem[]): number {
  if (scored.length === 0) throw new RangeError("headlineScore: there must be at least one item");
  const items = scored.map(({ item }) => item);
  const { over, merged = {} } = headlineOf(headline, items);
  if (over === "items") return mean(scored.map(({ score }) => score));
  const means = groupScores(scored)
    .filter(({ dimension }) => dimension === over)
    .map(({ group, mean: value }) => ({ name: mergedName(group, merged), value }));
  const parts = groupBy(means, ({ name }) => name);
  return mean([...parts.values()].map((values) => mean(values.map(({ value }) => value))));
}

const mergedName = (group: string, merged: NonNullable<Headline["merged"]>): string =>
  Object.entries(merged).find(([, groups]) => groups.includes(group))?.[0] ?? group;

/** Scores by every dimension that the benchmark reports, those with items in several groups included. */
export function groupScores(scored: readonly ScoredItem[]): GroupScore[] {
  const scores = new Map<string, Map<string, number[]>>();
  for (const { item, score } of scored)
    for (const [dimension, group] of groupsOf(item)) {
      const groups = scores.get(dimension) ?? new Map<string, number[]>();
      scores.set(dimension, groups);
      const values = groups.get(group) ?? [];
      groups.set(group, values);
      values.push(score);
    }
  return [...scores].flatMap(([dimension, groups]) =>
    [...groups].map(([group, values]) => ({ dimension, group, n: values.length, mean: mean(values) })),
  );
}

/** Dimension and group, for each group that an item is in. */
export const groupsOf = ({ groups, overlappingGroups = {} }: BenchmarkItem): [dimension: string, group: string][] => [
  ...Object.entries(groups),
  ...Object.entries(overlappingGroups).flatMap(([dimension, names]) =>
    names.map((name): [string, string] => [dimension, name]),
  ),
];
