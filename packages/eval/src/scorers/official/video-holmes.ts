import type { BenchmarkItem } from "../../item.ts";
import { fixedText } from "../python/number-text.ts";
import type { BenchmarkScorer, Reading } from "../scorer.ts";
import { lastAnswerBlock } from "../shared/answer-block.ts";
import { holmesLetter } from "../shared/holmes-letter.ts";

const questionTypes = ["SR", "IMC", "TCI", "TA", "MHR", "PAR", "CTI"];

/**
 * Video-Holmes: of the last answer block, else of the whole output, the first letter from A to F that a space or a colon
 * follows, or a bracket precedes; else the first that is there at all.
 *
 * @see TencentARC/Video-Holmes@52ef8da evaluate.py `evaluate`
 */
export const videoHolmes: BenchmarkScorer = { read, aggregate };

function read({ gold }: BenchmarkItem, output: string): Reading {
  const extracted = holmesLetter(lastAnswerBlock(output) ?? output) ?? "WRONG";
  return { score: extracted === gold ? 1 : 0, extracted };
}

/** Shares of right answers with two decimals, by question type and of all. */
function aggregate(items: readonly BenchmarkItem[], readings: readonly Reading[]): Record<string, unknown> {
  const share = (type?: string) => {
    const scores = readings.filter((_, i) => type === undefined || items[i]!.groups.task === type);
    const correct = scores.reduce((sum, { score }) => sum + (score ?? 0), 0);
    return fixedText(scores.length > 0 ? correct / scores.length : 0, 2);
  };
  const types = questionTypes.map((type) => [type, share(type)] as const);
  return { ...Object.fromEntries(types), "Overall Accuracy": share(), "Total Questions": String(items.length) };
}
