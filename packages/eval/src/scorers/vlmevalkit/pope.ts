import type { BenchmarkItem } from "../../item.ts";
import { splitWords } from "../python/split.ts";
import type { Reading } from "../scorer.ts";
import { processPunctuation } from "../shared/process-punctuation.ts";
import { meanOf, rightOrWrong } from "../shared/reading.ts";
import { type Rules, replyText } from "./rules.ts";

const categories = ["random", "popular", "adversarial"];
const stop = /(?<!\p{Nd})\.(?!\p{Nd})/gu;

/**
 * Yes or No if exactly one of the two words is in the reply, else Unknown, which is wrong.
 *
 * @see open-compass/VLMEvalKit@e8e78f0 vlmeval/dataset/utils/yorn.py `YOrN_Extraction`, `POPE_rating`
 */
export const pope: Rules = {
  read({ gold }, reply) {
    const words = splitWords(processPunctuation(replyText(reply).toLowerCase(), stop));
    const [yes, no] = [words.includes("yes"), words.includes("no")];
    const said = yes === no ? "Unknown" : yes ? "Yes" : "No";
    return rightOrWrong(said.toLowerCase() === gold, said);
  },
  aggregate(items, readings) {
    const scored = items.map((item, i): Scored => [item, readings[i]!]);
    const splits = categories.map((category): [string, Scored[]] => [
      category,
      scored.filter(([{ groups }]) => groups.task === category),
    ]);
    const present = splits.filter(([, group]) => group.length > 0);
    return [measures("Overall", scored), ...present.map(([category, group]) => measures(category, group))];
  },
};

type Scored = readonly [BenchmarkItem, Reading];

function measures(split: string, scored: readonly Scored[]): Record<string, unknown> {
  const count = (gold: string, isYes: boolean) =>
    scored.filter(([item, { extracted }]) => item.gold === gold && (extracted === "Yes") === isYes).length;
  const right = count("yes", true);
  const precision = ratio(right, right + count("no", true));
  const recall = ratio(right, right + count("yes", false));
  const f1 = ratio(2 * (precision * recall), precision + recall);
  const acc = meanOf(scored.map(([, reading]) => reading)) * 100;
  return { split, Overall: f1 * 100, acc, precision: precision * 100, recall: recall * 100 };
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
