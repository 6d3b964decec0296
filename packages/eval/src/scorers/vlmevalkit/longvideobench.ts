import { groupReadings } from "../shared/groups.ts";
import { rightOrWrong } from "../shared/reading.ts";
import { firstLetter } from "./first-letter.ts";
import { meanText } from "./mean-text.ts";
import { type Rules, replyText } from "./rules.ts";

const durations = ["15", "60", "600", "3600"];
const categories = "S2E S2O S2A E2O O2E T2E T2O T2A E3E O3O SSS SOS SAA T3E T3O TOS TAA".split(" ");

/**
 * The first capital A to E.
 *
 * @see open-compass/VLMEvalKit@e8e78f0 vlmeval/dataset/longvideobench.py, utils/longvideobench.py
 */
export const longvideobench: Rules = {
  read: (item, reply) => rightOrWrong(firstLetter(item, replyText(reply), /[ABCDE]/) === item.gold),
  aggregate: (items, readings) =>
    Object.fromEntries(
      [...durations, "overall"].map((duration) => {
        const isIn = items.map(({ groups }) => duration === "overall" || groups.duration === duration);
        const ofDuration = readings.filter((_, i) => isIn[i]);
        const groups = groupReadings(
          items.filter((_, i) => isIn[i]),
          ofDuration,
          ({ groups }) => groups.task,
        );
        const byCategory = categories.map((category) => [category, meanText(groups.get(category) ?? [])]);
        return [duration, { overall: meanText(ofDuration), question_category: Object.fromEntries(byCategory) }];
      }),
    ),
};
