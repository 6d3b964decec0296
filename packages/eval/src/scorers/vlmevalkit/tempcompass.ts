import type { BenchmarkItem } from "../../item.ts";
import type { Reading } from "../scorer.ts";
import { groupReadings, tableOf } from "../shared/groups.ts";
import { sumOf } from "../shared/reading.ts";
import { tempcompassRating } from "../shared/tempcompass-rules.ts";
import type { Rules } from "./rules.ts";

/** Tasks of the two parts that need no judge, and what a reply that came back as NaN ends each with. */
const parts: Readonly<Record<string, Readonly<Record<string, (type: string) => string>>>> = {
  MCQ: {
    "multi-choice": (type) => `AttributeError: '${type}' object has no attribute 'startswith'`,
    caption_matching: (type) => `TypeError: argument of type '${type}' is not iterable`,
  },
  YorN: { yes_no: (type) => `AttributeError: '${type}' object has no attribute 'lower'` },
};

/**
 * TempCompass' rules, 0 where they decide nothing; captions need a judge. `extracted` is the reply as the file gave it back,
 * null for NaN, which ends the evaluation; its own score is that of the output as it was.
 *
 * @see open-compass/VLMEvalKit@e8e78f0 vlmeval/dataset/tempcompass.py, utils/tempcompass.py
 */
export const tempcompass: Rules = {
  read(item, reply, output) {
    if (item.groups.task === "captioning") return { score: null, status: "judge" };
    const rating = tempcompassRating(item, reply ?? output);
    const extracted = reply ?? null;
    if (rating === "error:IndexError") return { score: null, extracted, status: rating };
    return { score: rating ?? 0, extracted };
  },
  aggregate(items, readings) {
    const scored: [string, Record<string, [number, number]> | string][] = Object.entries(parts).map(([part, ends]) => [
      part,
      partOf(items, readings, ends),
    ]);
    const end = scored.find(([, score]) => typeof score === "string");
    return end ? { error: end[1] } : Object.fromEntries(scored);
  },
};

/** [rating, count] by aspect and task, or the exception that ends it. */
function partOf(
  items: readonly BenchmarkItem[],
  readings: readonly Reading[],
  ends: Readonly<Record<string, (type: string) => string>>,
): Record<string, [number, number]> | string {
  const ofTask = groupReadings(items, readings, ({ groups }) =>
    (groups.task ?? "") in ends ? groups.task : undefined,
  );
  const all = [...ofTask.values()].flat();
  const type = all.every(isNoValue) ? "numpy.float64" : "float";
  for (const [task, group] of ofTask) {
    if (group.some(isNoValue)) return ends[task]!(type);
    if (group.some(({ status }) => status === "error:IndexError")) return "IndexError: list index out of range";
  }
  const byAspect = groupReadings(items, readings, ({ groups }) =>
    (groups.task ?? "") in ends ? `${groups.aspect}. ${groups.task}` : undefined,
  );
  return tableOf(byAspect, (group): [number, number] => [sumOf(group), group.length]);
}

/** A reply that came back as NaN; not an item that was never answered. */
const isNoValue = ({ extracted, status }: Reading): boolean => extracted === null && status === undefined;
