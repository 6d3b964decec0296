import { strip } from "@videor1/rewards";
import { stripCharacters } from "../python/strip.ts";
import { whiteSpace } from "../python/white-space.ts";
import { wordBoundary } from "../python/word.ts";
import type { BenchmarkScorer } from "../scorer.ts";
import { groupReadings, tableOf } from "../shared/groups.ts";
import { processPunctuation } from "../shared/process-punctuation.ts";
import { isKept, percentOf, rightOrWrong } from "../shared/reading.ts";

const option = new RegExp(`^([A-E])\\.${whiteSpace}*[^\\n]+$`, "iu");
const lone = new RegExp(`${wordBoundary}[A-E]${wordBoundary}`, "iu");
/** Without digit behind: what was meant as a look-behind tests nothing. */
const stop = /\.(?!\p{Nd})/gu;

/**
 * The letter of a reply of one line that starts with it and a full stop, else the first letter A to E that stands alone, in
 * any case, so that the article "a" is option A. An empty reply leaves the denominator; there is no overall score.
 *
 * @see lmms-eval 0.7.3 tasks/mvbench/utils.py `mcq_acc`
 */
export const mvbench: BenchmarkScorer = {
  read({ gold }, output) {
    const reading = rightOrWrong(processed(output) === processed(gold));
    return output === "" ? { ...reading, status: "dropped" } : reading;
  },
  aggregate: (items, readings) =>
    tableOf(
      groupReadings(items, readings, ({ groups }) => groups.task),
      (group) => percentOf(group.filter(isKept)),
    ),
};

function processed(answer: string): string {
  const [, letter] = option.exec(strip(answer)) ?? [];
  if (letter !== undefined) return letter.toUpperCase();
  const plain = processPunctuation(strip(answer.replace(/[\n\t]/g, " ")), stop);
  const bare = strip(["'", '"', ")", "("].reduce(stripCharacters, plain)).toLowerCase();
  return lone.exec(bare)?.[0].toUpperCase() ?? bare;
}
