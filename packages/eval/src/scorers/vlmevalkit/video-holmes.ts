import { strip } from "@videor1/rewards";
import type { Reading } from "../scorer.ts";
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

/** The text of the last `<answer>…</answer>`, where a block ends at the first closing tag. */
function lastAnswerBlock(reply: string): string | undefined {
  const [open, close] = ["<answer>", "</answer>"];
  let block: string | undefined;
  for (let end = 0; ; ) {
    const start = reply.indexOf(open, end);
    const stop = start < 0 ? -1 : reply.indexOf(close, start + open.length);
    if (stop < 0) return block;
    block = strip(reply.slice(start + open.length, stop));
    end = stop + close.length;
  }
}

function scoreOf(readings: readonly Reading[]): { correct: number; total: number; acc: number } {
  const [correct, total] = [sumOf(readings), readings.length];
  return { correct, total, acc: total > 0 ? correct / total : 0 };
}
