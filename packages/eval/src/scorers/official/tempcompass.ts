import { strip } from "@videor1/rewards";
import type { BenchmarkItem } from "../../item.ts";
import { roundTo } from "../python/number-text.ts";
import type { BenchmarkScorer, Reading } from "../scorer.ts";
import { tempcompassTask } from "../shared/tempcompass-question.ts";
import { tempcompassRating } from "../shared/tempcompass-rules.ts";

const tasks = ["multi-choice", "yes_no", "caption_matching"];
const aspects = ["action", "direction", "speed", "order", "attribute_change"];
const fineAspects = [
  "fine-grained action",
  "coarse-grained action",
  "object motion",
  "camera motion",
  "absolute speed",
  "relative speed",
  "order",
  "color & light change",
  "size & shape change",
  "combined change",
  "other change",
];

/**
 * TempCompass by its rules alone, as with `--disable_llm`: an output that no rule matches scores 0. A caption is always
 * left to the judge.
 *
 * @see llyx97/TempCompass@e1b4631 eval_multi-choice.py, eval_yes_no.py, eval_caption_matching.py, utils/eval_utils.py
 */
export const tempcompass: BenchmarkScorer = { read, aggregate };

function read(item: BenchmarkItem, output: string): Reading {
  if (tempcompassTask(item) === "captioning") return { score: null, status: "judge" };
  const rating = tempcompassRating(item, strip(output.replaceAll("</s>", "")));
  if (rating === "error:IndexError") return { score: null, status: rating };
  return rating === undefined ? { score: 0, status: "unmatched" } : { score: rating };
}

/** Percentages with one decimal by aspect and fine aspect, and the match rate, task by task. */
function aggregate(items: readonly BenchmarkItem[], readings: readonly Reading[]): Record<string, unknown> {
  const results: Record<string, unknown> = {};
  for (const task of tasks) {
    const rows = items
      .map((item, i) => ({ item, reading: readings[i]! }))
      .filter(({ item }) => tempcompassTask(item) === task);
    if (rows.length > 0) results[task] = taskResults(rows);
  }
  return results;
}

interface Row {
  item: BenchmarkItem;
  reading: Reading;
}

function taskResults(rows: readonly Row[]): Record<string, unknown> {
  const byAspect = table(aspects, "aspect", rows);
  const areFine = rows.every(({ item }) => item.groups.fineAspect !== undefined); // as meta_info.json says
  const byFineAspect = areFine ? table(fineAspects, "fineAspect", rows) : {};
  if (byAspect === undefined || byFineAspect === undefined) return { error: "ZeroDivisionError" };
  const matched = rows.filter(({ reading }) => reading.status === undefined).length;
  return {
    byAspect: { ...byAspect, avg: percentage(rows) },
    byFineAspect,
    matchRate: roundTo((matched / rows.length) * 100, 1),
  };
}

/** A percentage for each name; undefined if one has no item, which the harness divides by. */
function table(
  names: readonly string[],
  group: "aspect" | "fineAspect",
  rows: readonly Row[],
): Record<string, number> | undefined {
  const parts = names.map((name) => [name, rows.filter(({ item }) => item.groups[group] === name)] as const);
  if (parts.some(([, part]) => part.length === 0)) return undefined;
  return Object.fromEntries(parts.map(([name, part]) => [name, percentage(part)]));
}

const percentage = (rows: readonly Row[]): number =>
  roundTo((rows.reduce((sum, { reading }) => sum + (reading.score ?? 0), 0) * 100) / rows.length, 1);
