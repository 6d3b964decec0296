import type { BenchmarkItem } from "../../item.ts";
import type { Reading } from "../scorer.ts";
import { groupReadings } from "../shared/groups.ts";
import { rightOrWrong } from "../shared/reading.ts";
import { videoMmeGroups } from "../shared/video-mme-groups.ts";
import { firstLetter } from "./first-letter.ts";
import { meanText } from "./mean-text.ts";
import { type Rules, replyText } from "./rules.ts";

const { durations, domains, subCategories, taskTypes } = videoMmeGroups;

/**
 * The first capital A to D, so that "After" is an A.
 *
 * @see open-compass/VLMEvalKit@e8e78f0 vlmeval/dataset/videomme.py, utils/videomme.py
 */
export const videoMme: Rules = {
  read: (item, reply) => rightOrWrong(firstLetter(item, replyText(reply), /[ABCD]/) === item.gold),
  aggregate: (items, readings) =>
    Object.fromEntries(
      [...durations, "overall"].map((duration) => {
        const isIn = items.map(({ groups }) => duration === "overall" || groups.duration === duration);
        const ofDuration = items.filter((_, i) => isIn[i]);
        return [
          duration,
          ratingOf(
            ofDuration,
            readings.filter((_, i) => isIn[i]),
          ),
        ];
      }),
    ),
};

function ratingOf(items: readonly BenchmarkItem[], readings: readonly Reading[]): Record<string, unknown> {
  const byName = (names: readonly string[], nameOf: (item: BenchmarkItem) => string | undefined) => {
    const groups = groupReadings(items, readings, nameOf);
    return Object.fromEntries(names.map((name) => [name, meanText(groups.get(name) ?? [])]));
  };
  return {
    overall: meanText(readings),
    domain: byName(domains, ({ groups }) => groups.domain),
    sub_category: byName(subCategories, ({ groups }) => groups.subCategory),
    task_type: byName(taskTypes, ({ groups }) => groups.task),
  };
}
