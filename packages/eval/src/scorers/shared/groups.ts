import type { BenchmarkItem } from "../../item.ts";
import type { Reading } from "../scorer.ts";

/** Readings by a name that each item has, in the order in which the names come first. */
export function groupReadings(
  items: readonly BenchmarkItem[],
  readings: readonly Reading[],
  nameOf: (item: BenchmarkItem) => string | undefined,
): Map<string, Reading[]> {
  const groups = new Map<string, Reading[]>();
  for (const [i, item] of items.entries()) {
    const name = nameOf(item);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group) group.push(readings[i]!);
    else groups.set(name, [readings[i]!]);
  }
  return groups;
}

/** A table from each group's readings. */
export const tableOf = <T>(
  groups: ReadonlyMap<string, Reading[]>,
  cellOf: (readings: readonly Reading[], name: string) => T,
): Record<string, T> => Object.fromEntries([...groups].map(([name, readings]) => [name, cellOf(readings, name)]));
