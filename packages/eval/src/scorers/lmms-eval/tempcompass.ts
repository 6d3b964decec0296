import type { BenchmarkScorer, Reading } from "../scorer.ts";
import { groupReadings, tableOf } from "../shared/groups.ts";
import { endOf } from "../shared/reading.ts";
import { tempcompassTask } from "../shared/tempcompass-question.ts";
import { tempcompassRating } from "../shared/tempcompass-rules.ts";

const aspects = ["action", "direction", "speed", "order", "attribute_change"];

/**
 * TempCompass' rules on the output as it is, untrimmed; what they leave open, and every caption, is the judge's. By task:
 * accuracy of each aspect and over all, where only a rating of 1 counts.
 *
 * @see lmms-eval 0.7.3 tasks/tempcompass/utils.py
 */
export const tempcompass: BenchmarkScorer = {
  read(item, output) {
    if (tempcompassTask(item) === "captioning") return { score: -1, status: "judge" };
    const rating = tempcompassRating(item, output);
    if (rating === "error:IndexError") return { score: null, status: rating };
    return rating === undefined ? { score: 0, status: "judge" } : { score: rating };
  },
  aggregate(items, readings) {
    const end = endOf(readings);
    if (end !== undefined) return { error: `${end}: list index out of range` };
    const byAspect = groupReadings(items, readings, (item) => `${tempcompassTask(item)}/${item.groups.aspect}`);
    return tableOf(groupReadings(items, readings, tempcompassTask), (ofTask, task) => {
      const present = aspects.flatMap((aspect) => {
        const ofAspect = byAspect.get(`${task}/${aspect}`);
        return ofAspect ? [[`${aspect}_accuracy`, accuracy(ofAspect)]] : [];
      });
      return { avg_accuracy: accuracy(ofTask), ...Object.fromEntries(present) };
    });
  },
};

const accuracy = (readings: readonly Reading[]): number =>
  (readings.filter(({ score }) => score === 1).length / readings.length) * 100;
