import { strip } from "@videor1/rewards";
import { roundTo } from "../python/number-text.ts";
import type { BenchmarkScorer } from "../scorer.ts";
import { groupReadings, tableOf } from "../shared/groups.ts";
import { drawn, meanOf, rightOrWrong } from "../shared/reading.ts";

const prefixes = [
  "The best answer is",
  "The correct answer is",
  "The answer is",
  "The answer",
  "The best option is",
  "The correct option is",
  "Best answer:",
  "Best option:",
];

/**
 * The first capital A to E after eight phrases are cut out; an option drawn by chance if there is none. The overall accuracy
 * counts every item twice, by duration and by category.
 *
 * @see lmms-eval 0.7.3 tasks/longvideobench/utils.py
 */
export const longvideobench: BenchmarkScorer = {
  read({ gold }, output) {
    const reply = prefixes.reduce((text, prefix) => text.replaceAll(prefix, ""), strip(output));
    const [letter] = /[A-E]/.exec(reply) ?? [];
    return letter === undefined ? drawn : rightOrWrong(letter === gold, letter);
  },
  aggregate(items, readings) {
    const groups = new Map([
      ...groupReadings(items, readings, ({ groups }) => groups.duration),
      ...groupReadings(items, readings, ({ groups }) => groups.task),
    ]);
    const cells = [...groups.values()].map((group) => ({ num: group.length, acc: meanOf(group) }));
    const num = cells.reduce((sum, cell) => sum + cell.num, 0);
    const overall = num === 0 ? 0 : roundTo(cells.reduce((sum, { acc, num }) => sum + acc * num, 0) / num, 5);
    const table = tableOf(groups, (group) => ({ num: group.length, acc: roundTo(meanOf(group), 5) }));
    return { overall, table: { ...table, Overall: { num, acc: overall } } };
  },
};
