import type { BenchmarkItem } from "../../item.ts";
import { fixedText } from "../python/number-text.ts";
import type { BenchmarkScorer, Reading } from "../scorer.ts";
import { groupReadings } from "../shared/groups.ts";
import { percentOf, rightOrWrong } from "../shared/reading.ts";
import { videoMmeGroups } from "../shared/video-mme-groups.ts";
import { extractChoice } from "./multiple-choice.ts";

const letters = ["A", "B", "C", "D"];

/**
 * Equality of the extracted letter of A to D; `log` has the printed lines.
 *
 * @see lmms-eval 0.7.3 tasks/videomme/utils.py
 */
export const videoMme: BenchmarkScorer = {
  read({ gold }, output) {
    const letter = extractChoice(output, letters);
    return rightOrWrong(letter === gold, letter);
  },
  aggregate(items, readings) {
    const lines = (title: string, names: readonly string[]) =>
      names.map((name) => `Evaluation on ${title}: ${name}: ${percent(keyed(items, readings, name))}%`);
    const { durations, domains, subCategories, taskTypes } = videoMmeGroups;
    const log = [
      ...lines("video Type", durations),
      ...lines("Categories", domains),
      ...lines("Video Sub Categories", subCategories),
      ...lines("Task Categories", taskTypes),
      `Overall Performance: ${percent(readings)}%`,
    ];
    return { overall: percentOf(readings), log };
  },
};

/** The task adds up every key "duration_domain_subcategory_tasktype" that contains a name. */
function keyed(items: readonly BenchmarkItem[], readings: readonly Reading[], name: string): Reading[] {
  const keyOf = ({ groups }: BenchmarkItem) =>
    `${groups.duration}_${groups.domain}_${groups.subCategory}_${groups.task}`;
  return [...groupReadings(items, readings, keyOf)].filter(([key]) => key.includes(name)).flatMap(([, group]) => group);
}

const percent = (readings: readonly Reading[]): string => ` ${fixedText(percentOf(readings), 1)}`;
