import { strip } from "@videor1/rewards";
import type { BenchmarkItem } from "../../item.ts";
import type { BenchmarkScorer, Reading } from "../scorer.ts";
import { meanOf, rightOrWrong } from "../shared/reading.ts";

const categories = ["random", "popular", "adversarial"];

/**
 * Exact equality with yes or no, in small letters and trimmed. A reply that is neither is wrong, and in neither precision nor
 * recall; `pope_yes_ratio` is that of the golds.
 *
 * @see lmms-eval 0.7.3 tasks/pope/utils.py
 */
export const pope: BenchmarkScorer = {
  read({ gold }, output) {
    const reply = strip(output.toLowerCase());
    return rightOrWrong(reply === gold, reply);
  },
  aggregate(items, readings) {
    const scored = items.map((item, i): [BenchmarkItem, Reading] => [item, readings[i]!]);
    const present = categories.flatMap((category) => {
      const group = scored.filter(([{ groups }]) => groups.task === category);
      return group.length > 0 ? [[category, measures(group)]] : [];
    });
    return { all: measures(scored), ...Object.fromEntries(present) };
  },
};

function measures(scored: readonly [BenchmarkItem, Reading][]): Record<string, number> {
  const count = (gold: string, reply: string) =>
    scored.filter(([item, { extracted }]) => item.gold === gold && extracted === reply).length;
  const right = count("yes", "yes");
  const precision = ratio(right, right + count("no", "yes"));
  const recall = ratio(right, right + count("yes", "no"));
  return {
    pope_accuracy: meanOf(scored.map(([, reading]) => reading)),
    pope_precision: precision,
    pope_recall: recall,
    pope_f1_score: ratio(2 * (precision * recall), precision + recall),
    pope_yes_ratio: ratio(scored.filter(([{ gold }]) => gold === "yes").length, scored.length),
  };
}

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
