import type { BenchmarkItem } from "./item.ts";

/** How many items a release has; a number that no source states is null, and then the group's name alone is expected. */
export type GroupCounts = Readonly<Record<string, number | null>>;

/** What a benchmark's release holds, and where that is known from. */
export interface ExpectedCounts {
  total: number;
  /** Different videos or images. */
  media?: number;
  /**
   * Dimension -> group -> items. A dimension is one of an item's groups, `gold`, or two joined by a slash, as `task/aspect`;
   * groups then are too.
   */
  groups: Readonly<Record<string, GroupCounts>>;
  /** Counted in the files at the revision of the source, or only stated there. */
  origin: "counted" | "stated";
}

/** An item's group of a dimension; undefined where it has none. */
function groupOf(item: BenchmarkItem, dimension: string): string | undefined {
  const parts = dimension.split("/").map((part) => (part === "gold" ? item.gold : item.groups[part]));
  return parts.includes(undefined) ? undefined : parts.join("/");
}

/** Items by group of one dimension. */
export function countBy(items: readonly BenchmarkItem[], dimension: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const group = groupOf(item, dimension);
    if (group !== undefined) counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  return counts;
}

/** One number that is not the expected one: `task object_counting: 565 expected, 3 found`. */
export interface CountDifference {
  what: string;
  expected: number | null;
  found: number;
}

/**
 * Where items differ from what their benchmark's release holds.
 *
 * @param tasks - the tasks that were read, if not all: then only their counts are expected.
 */
export function countDifferences(
  expected: ExpectedCounts,
  items: readonly BenchmarkItem[],
  tasks?: readonly string[],
): CountDifference[] {
  const differences: CountDifference[] = [];
  const compare = (what: string, wanted: number | null, found: number) => {
    if (wanted === null ? found === 0 : found !== wanted) differences.push({ what, expected: wanted, found });
  };
  if (tasks === undefined) {
    compare("items", expected.total, items.length);
    const media = new Set(items.map((item) => String(item.media[0]?.path)));
    if (expected.media !== undefined) compare("different media", expected.media, media.size);
  }
  for (const [dimension, groups] of Object.entries(expected.groups)) {
    const byTask = dimension.split("/")[0] === "task";
    if (tasks !== undefined && !byTask) continue;
    const counts = countBy(items, dimension);
    const isRead = (group: string) => tasks === undefined || tasks.includes(group.split("/")[0]!);
    for (const group of new Set([...Object.keys(groups).filter(isRead), ...counts.keys()]))
      compare(`${dimension} ${group}`, group in groups ? groups[group]! : 0, counts.get(group) ?? 0);
  }
  return differences;
}
