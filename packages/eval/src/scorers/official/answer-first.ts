import { answerText } from "../said-text.ts";
import type { BenchmarkScorer, Scorer } from "../scorer.ts";
import { official } from "./official.ts";

/**
 * The official scorers after our own extraction: the last answer block outside the thinking, else what is said outside it,
 * is what their parsers read. They were made for outputs without thinking.
 */
export const officialAnswerFirst: Scorer = Object.fromEntries(
  Object.entries(official).map(([name, scorer]) => [name, answerFirst(scorer)]),
);

function answerFirst({ read, aggregate }: BenchmarkScorer): BenchmarkScorer {
  return { read: (item, output) => read(item, answerText(output)), aggregate };
}
