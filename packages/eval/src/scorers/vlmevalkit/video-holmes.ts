import type { Reading } from "../scorer.ts";
import { lastAnswerBlock } from "../shared/answer-block.ts";
import { groupReadings, tableOf } from "../shared/groups.ts";
import { holmesLetter } from "../shared/holmes-letter.ts";
import { rightOrWrong, sumOf } from "../shared/reading.ts";
import { type Rules, replyText } from "./rules.ts";

/**
 * Video-Holmes' letter of the last answer block; without such tags every reply is wrong, a bare letter too.
 *
 * @see open-compass/VLMEvalKit@e8e78f0 vlmeval/dataset/utils/videoholmes.py `extract_option`
 */
export const videoHolmes: Rules = {
  read({ gold }, reply) {
    const block = lastAnswerBlock(replyText(reply));
    return rightOrWrong(block !== undefined && holmesLetter(block) === gold);
  },
  aggregate: (items, readings) => ({
    acc_by_type: tableOf(
      groupReadings(items, readings, ({ groups }) => groups.task),
      scoreOf,
    ),
    total: scoreOf(readings),
  }),
};

function scoreOf(readings: readonly Reading[]): { correct: number; total: number; acc: number } {
  const [correct, total] = [sumOf(readings), readings.length];
  return { correct, total, acc: total > 0 ? correct / total : 0 };
}
