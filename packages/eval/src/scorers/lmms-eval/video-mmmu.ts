import { roundTo } from "../python/number-text.ts";
import type { BenchmarkScorer, Reading } from "../scorer.ts";
import { groupReadings, tableOf } from "../shared/groups.ts";
import { isOpenAnswerRight, parseOpenResponse } from "../shared/mmmu-open.ts";
import { isKept, meanOf, rightOrWrong } from "../shared/reading.ts";
import { isVideoMmmuChoice, lettersOf } from "../shared/video-mmmu-item.ts";
import { extractChoice } from "./multiple-choice.ts";

/**
 * Choice: the shared extractor's letter. Open: MMMU's parser; an empty open reply leaves the denominator. Accuracy by track.
 *
 * @see lmms-eval 0.7.3 tasks/videommmu/utils.py
 */
export const videoMmmu: BenchmarkScorer = {
  read(item, output) {
    if (isVideoMmmuChoice(item)) {
      const letter = extractChoice(output, lettersOf(item)) || "No Answer Found.";
      return rightOrWrong(letter === item.gold, letter);
    }
    const answers = parseOpenResponse(output);
    if (answers === undefined) return { score: null, extracted: "API Error", status: "dropped" };
    return rightOrWrong(isOpenAnswerRight(item.gold, answers), answers);
  },
  aggregate(items, readings) {
    const tracks = groupReadings(items, readings, ({ groups }) => groups.task);
    const subjects = groupReadings(items, readings, ({ groups }) => `${groups.task}/${groups.subject}`);
    return tableOf(tracks, (_, track) =>
      instanceAccuracy([...subjects].filter(([name]) => name.startsWith(`${track}/`)).map(([, group]) => group)),
    );
  },
};

/** Mean over instances from the accuracies of subjects, in whose arithmetic the rounding is the original's. */
function instanceAccuracy(subjects: readonly (readonly Reading[])[]): number {
  const kept = subjects.map((readings) => readings.filter(isKept));
  const right = kept.reduce((sum, readings) => sum + meanOf(readings) * readings.length, 0);
  const count = kept.reduce((sum, readings) => sum + readings.length, 0);
  return count === 0 ? 0 : roundTo(right / count, 5);
}
