import type { BenchmarkItem } from "../item.ts";
import type { OutputRow } from "./output-row.ts";

/** Fields of official records that tell one from another, the surest first. */
const keys = [
  "id",
  "question_id",
  "pid",
  "Question ID",
  "question_idx",
  "video_idx",
  "videoID",
  "video_id",
  "video",
  "aspect",
  "dim",
];

/**
 * Finds the item that a row answers: by its id; else by the fields of the official record, the place in the task and the
 * question, which all have to agree.
 *
 * @returns why there is none, as a text.
 */
export function itemFinder(items: readonly BenchmarkItem[]): (row: OutputRow) => BenchmarkItem | string {
  const byId = new Map(items.map((item) => [item.id, item]));
  const byField = new Map<string, Map<string, BenchmarkItem[]>>();
  const byQuestion = groupsBy(items, ({ question }) => plain(question));
  const byTask = new Map<string, ReadonlySet<BenchmarkItem>>();
  const all = new Set(items);

  return (row) => {
    const own = row.id === undefined ? undefined : byId.get(row.id);
    if (own !== undefined) return fits(own, row) ? own : `item ${own.id} has another question`;
    const task = itemsOfTask(row.task);
    const byFields = narrowedByFields(task, row);
    if (byFields.length === 1)
      return fits(byFields[0]!, row) ? byFields[0]! : `item ${byFields[0]!.id} has another question`;
    const isNarrowed = byFields.length < task.size;
    const placed = row.position === undefined ? undefined : [...task][row.position];
    const isPlaced = placed !== undefined && row.question !== undefined && (!isNarrowed || byFields.includes(placed));
    if (isPlaced && fits(placed, row)) return placed;
    const asked = row.question === undefined ? [] : byFields.filter((item) => fits(item, row));
    if (asked.length === 1) return asked[0]!;
    if (asked.length > 1) return `${asked.length} items have its question`;
    return row.id === undefined ? "no item has its question" : `no item has the id ${row.id}`;
  };

  /** The items of the harness's task: `mvbench_action_count` are those of action_count; all, if it names none. */
  function itemsOfTask(task: string | undefined): ReadonlySet<BenchmarkItem> {
    if (task === undefined) return all;
    const known = byTask.get(task);
    if (known !== undefined) return known;
    const name = task.toLowerCase().replaceAll("-", "_");
    const found = items.filter(({ groups }) => {
      const own = groups.task?.toLowerCase().replaceAll("-", "_");
      return own !== undefined && (name === own || name.includes(`_${own}`));
    });
    byTask.set(task, found.length > 0 ? new Set(found) : all);
    return byTask.get(task)!;
  }

  function narrowedByFields(task: ReadonlySet<BenchmarkItem>, { id, fields, question }: OutputRow) {
    let pool: readonly BenchmarkItem[] | undefined;
    const narrow = (named: readonly BenchmarkItem[] = []): void => {
      const both = named.filter((item) => task.has(item) && (pool === undefined || pool.includes(item)));
      if (both.length > 0) pool = both;
    };
    for (const key of keys) {
      const value = key === "id" ? (id ?? fields.id) : fields[key];
      if (value !== undefined) narrow(itemsByField(key).get(value));
      if (pool?.length === 1) return pool;
    }
    if (question !== undefined) narrow(byQuestion.get(plain(question)));
    return pool ?? [...task];
  }

  /** Items by a field of their record, its id also by the end of ours, and a video also without its ending. */
  function itemsByField(key: string): Map<string, BenchmarkItem[]> {
    const known = byField.get(key);
    if (known !== undefined) return known;
    const found = new Map<string, BenchmarkItem[]>();
    for (const item of items) {
      const value = item.extra?.[key === "dim" ? "aspect" : key];
      const names = new Set(
        value === undefined || value === null ? [] : [String(value), String(value).replace(/\.\w+$/, "")],
      );
      if (key === "id") names.add(item.id.split("/").at(-1)!);
      for (const name of names) found.set(name, [...(found.get(name) ?? []), item]);
    }
    byField.set(key, found);
    return found;
  }
}

/** Whether a row's question or prompt, if it has one, holds the item's, or is a part of it. */
function fits({ question, extra }: BenchmarkItem, row: OutputRow): boolean {
  if (row.question === undefined) return true;
  const asked = plain(row.question);
  const shown = [question, ...(typeof extra?.question === "string" ? [extra.question] : [])].map(plain);
  return shown.some((text) => text === "" || asked.includes(text) || text.startsWith(asked));
}

/** A question as it is compared: without tags of media, white space one space each. */
const plain = (text: string): string =>
  text
    .replace(/<image(?: \d+)?>|<video>/g, " ")
    .replace(/\s+/g, " ")
    .trim();

function groupsBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
