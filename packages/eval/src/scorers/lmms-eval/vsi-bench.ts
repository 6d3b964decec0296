import { strip } from "@videor1/rewards";
import type { BenchmarkItem } from "../../item.ts";
import { roundTo } from "../python/number-text.ts";
import { parseFloatText } from "../python/parse-number.ts";
import { stripEnd } from "../python/strip.ts";
import type { BenchmarkScorer, Reading } from "../scorer.ts";
import { groupReadings, tableOf } from "../shared/groups.ts";
import { endOf, meanOf, rightOrWrong } from "../shared/reading.ts";
import { shareWithin } from "../shared/relative-accuracy.ts";
import { extractNumber } from "./number-words.ts";

const directions = ["easy", "medium", "hard"].map((level) => `object_rel_direction_${level}`);
const metrics = {
  obj_appearance_order: "accuracy",
  object_abs_distance: "mra",
  object_counting: "mra",
  object_rel_distance: "accuracy",
  object_size_estimation: "mra",
  room_size_estimation: "mra",
  route_planning: "accuracy",
};

/**
 * Choice: the first token's equality with the letter, in any case. Number: mean relative accuracy of the first number in
 * digits or English words.
 *
 * @see lmms-eval 0.7.3 tasks/vsibench/utils.py
 */
export const vsiBench: BenchmarkScorer = {
  read: (item, output) => (item.answerType === "choice" ? readChoice(item, output) : readNumber(item, output)),
  aggregate(items, readings) {
    const end = endOf(readings);
    if (end !== undefined) return { error: `${end}: float division by zero` };
    const means = tableOf(
      groupReadings(items, readings, ({ groups }) => groups.task),
      meanOf,
    );
    const missing = directions.find((direction) => !(direction in means));
    if (missing !== undefined) return { error: `KeyError: '${missing}_accuracy'` };
    const [easy, medium, hard] = directions.map((direction) => means[direction]!);
    const direction = (easy! + medium! + hard!) / 3;
    const others = Object.entries(means).filter(([task]) => !directions.includes(task));
    const overall = (others.reduce((sum, [, mean]) => sum + mean, 0) + direction) / (others.length + 1);
    const scores = Object.entries(metrics).map(([task, metric]) => [`${task}_${metric}`, roundTo(means[task] ?? 0, 6)]);
    return {
      vsibench_overall: roundTo(overall, 6),
      object_rel_direction_accuracy: roundTo(direction, 6),
      ...Object.fromEntries(scores),
    };
  },
};

function readChoice({ gold }: BenchmarkItem, output: string): Reading {
  const token = strip(stripEnd(output.split(" ")[0]!, "."));
  return rightOrWrong(token.toLowerCase() === gold.toLowerCase(), token);
}

function readNumber({ gold }: BenchmarkItem, output: string): Reading {
  const extracted = extractNumber(output);
  const target = parseFloatText(gold);
  if (extracted === null || target === undefined) return { score: 0, extracted };
  if (target === 0) return { score: null, extracted, status: "error:ZeroDivisionError" };
  return { score: shareWithin(Math.abs(extracted - target) / target), extracted };
}
