import type { BenchmarkItem } from "../../item.ts";
import { fixedText } from "../python/number-text.ts";
import { parseFloatText } from "../python/parse-number.ts";
import type { Reading } from "../scorer.ts";
import { groupReadings, tableOf } from "../shared/groups.ts";
import { meanOf, rightOrWrong } from "../shared/reading.ts";
import { shareWithin } from "../shared/relative-accuracy.ts";
import { matchNumber } from "./match-number.ts";
import { matchOption } from "./match-option.ts";
import { type Rules, replyText } from "./rules.ts";

const directions = ["easy", "medium", "hard"].map((level) => `object_rel_direction_${level}_accuracy`);
const reported = [
  "object_counting",
  "object_abs_distance",
  "object_size_estimation",
  "room_size_estimation",
  "object_rel_distance",
  "object_rel_direction",
  "route_planning",
  "obj_appearance_order",
];
const metrics = ["accuracy", "MRA:.5:.95:.05"];

/**
 * Choice: the letter that a cascade of tags, last lines and phrases finds. Number: mean relative accuracy of the last number
 * after the thinking.
 *
 * @see open-compass/VLMEvalKit@e8e78f0 vlmeval/dataset/vsibench.py, utils/spatial_bench
 */
export const vsiBench: Rules = {
  read: (item, reply) =>
    item.answerType === "choice" ? readChoice(item, replyText(reply)) : readNumber(item, replyText(reply)),
  aggregate(items, readings) {
    const nameOf = ({ groups, answerType }: BenchmarkItem) =>
      `${groups.task}_${answerType === "choice" ? metrics[0] : metrics[1]}`;
    const means = withDirection(tableOf(groupReadings(items, readings, nameOf), meanOf));
    const values = Object.values(means);
    const overall = values.length === 0 ? 0 : values.reduce((sum, mean) => sum + mean, 0) / values.length;
    const names = reported.flatMap((task) => metrics.map((metric) => `${task}_${metric}`));
    const byName = names.flatMap((name): [string, number][] => (name in means ? [[name, means[name]! * 100]] : []));
    const scores: [string, number][] = [["overall", overall * 100], ...byName];
    return {
      ...Object.fromEntries(scores),
      tabulated_keys: scores.map(([name]) => name).join(", "),
      tabulated_results: scores.map(([, score]) => fixedText(score, 3)).join(", "),
    };
  },
};

/** The three levels become one only if all are there. */
function withDirection(means: Record<string, number>): Record<string, number> {
  if (!directions.every((name) => name in means)) return means;
  const [easy, medium, hard] = directions.map((name) => means[name]!);
  const others = Object.entries(means).filter(([name]) => !directions.includes(name));
  return { ...Object.fromEntries(others), object_rel_direction_accuracy: (easy! + medium! + hard!) / 3 };
}

function readChoice({ gold }: BenchmarkItem, reply: string): Reading {
  const letter = matchOption(reply);
  return rightOrWrong(letter === matchOption(gold), letter ?? null);
}

function readNumber({ gold }: BenchmarkItem, reply: string): Reading {
  const extracted = matchNumber(reply) ?? null;
  const target = parseFloatText(gold);
  if (extracted === null || target === undefined || Number.isNaN(target)) return { score: 0, extracted };
  return { score: shareWithin(Math.abs(target === 0 ? extracted : (extracted - target) / target)), extracted };
}
