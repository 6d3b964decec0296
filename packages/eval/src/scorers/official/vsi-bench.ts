import { meanRelativeAccuracy, strip } from "@videor1/rewards";
import type { BenchmarkItem } from "../../item.ts";
import { fixedText } from "../python/number-text.ts";
import { parseFloatText } from "../python/parse-number.ts";
import { stripEnd } from "../python/strip.ts";
import type { BenchmarkScorer, Reading } from "../scorer.ts";
import { appendTo } from "./append-to.ts";
import { harnessError } from "./harness-error.ts";
import { meanOf } from "./mean-of.ts";

const metrics = { choice: "accuracy", number: "MRA:.5:.95:.05" } as const;

/** The order in which the harness prints its tasks. */
const tasks = [
  "object_counting",
  "object_abs_distance",
  "object_size_estimation",
  "room_size_estimation",
  "object_rel_distance",
  "object_rel_direction",
  "route_planning",
  "obj_appearance_order",
];
const levels = ["easy", "medium", "hard"].map((level) => `object_rel_direction_${level}_accuracy`);

/**
 * VSI-Bench: the first word without full stops at its end is the answer. A choice is compared in any case, a number by the
 * share of ten thresholds that |p - t| / t keeps; a truth of 0 divides by zero, a negative one accepts everything.
 *
 * @see vision-x-nyu/thinking-in-space@51e089c lmms_eval/tasks/vsibench/utils.py
 */
export const vsiBench: BenchmarkScorer = { read, aggregate };

function read({ gold, options }: BenchmarkItem, output: string): Reading {
  const extracted = strip(stripEnd(output.split(" ")[0]!, "."));
  if (options.length > 0) return { score: extracted.toLowerCase() === gold.toLowerCase() ? 1 : 0, extracted };
  const prediction = parseFloatText(extracted);
  const truth = parseFloatText(gold);
  if (prediction === undefined || truth === undefined) return { score: 0, extracted };
  if (truth === 0) return { score: null, extracted, status: "error:ZeroDivisionError" };
  if (truth > 0) return { score: meanRelativeAccuracy(prediction, truth), extracted };
  return { score: Number.isNaN(Math.abs(prediction - truth) / truth) ? 0 : 1, extracted };
}

/** Percentages by task, and their plain mean; relative direction is the plain mean of its three levels. */
function aggregate(items: readonly BenchmarkItem[], readings: readonly Reading[]): Record<string, unknown> {
  const error = harnessError(readings) ?? (items.length === 0 ? { error: "KeyError" } : undefined);
  if (error !== undefined) return error;
  const scores = new Map<string, number[]>();
  for (const [i, { groups, options }] of items.entries()) {
    const key = `${groups.task}_${options.length > 0 ? metrics.choice : metrics.number}`;
    appendTo(scores, key, readings[i]!.score ?? 0);
  }
  const means = new Map([...scores].map(([key, values]) => [key, meanOf(values)]));
  if (means.has(levels[0]!)) {
    if (!levels.every((level) => means.has(level))) return { error: "KeyError" };
    means.set("object_rel_direction_accuracy", meanOf(levels.map((level) => means.get(level)!)));
    for (const level of levels) means.delete(level);
  }
  const results: Record<string, unknown> = { overall: meanOf([...means.values()]) * 100 };
  for (const task of tasks) {
    for (const metric of Object.values(metrics)) {
      const value = means.get(`${task}_${metric}`);
      if (value !== undefined) results[`${task}_${metric}`] = value * 100;
    }
  }
  const printed = Object.values(results).map((value) => fixedText(value as number, 3));
  return { ...results, tabulated_keys: Object.keys(results).join(", "), tabulated_results: printed.join(", ") };
}
