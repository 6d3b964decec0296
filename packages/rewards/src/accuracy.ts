import { extractAnswer } from "./extract-answer.ts";
import { exactMatch } from "./graders/exact-match.ts";
import { relativeCloseness } from "./graders/relative-closeness.ts";
import { rougeScore } from "./graders/rouge.ts";
import { sameNumber } from "./graders/same-number.ts";
import { wordErrorRate } from "./graders/word-error-rate.ts";

/** The five kinds of question, spelled as in the records. */
export const problemTypes = ["multiple choice", "numerical", "OCR", "free-form", "regression"] as const;
export type ProblemType = (typeof problemTypes)[number];

/** Agreement of an answer with the truth, in [0, 1]. */
const graders: Record<ProblemType, (answer: string, truth: string) => number> = {
  "multiple choice": exactMatch,
  numerical: sameNumber,
  OCR: (answer, truth) => Math.max(0, 1 - wordErrorRate(answer, truth)),
  "free-form": meanRouge,
  regression: relativeCloseness,
};

/**
 * Accuracy reward of one completion, in [0, 1]: the answer between its `<answer>` tags against the one in `solution`, by
 * the rule of the problem type. Never throws: an unreadable answer, or a type outside `problemTypes`, scores 0.
 *
 * @param solution - The record's `solution`, tags included.
 * @see arXiv:2503.21776 section 3; tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `accuracy_reward`
 */
export function accuracyReward(completion: string, solution: string, type: ProblemType): number {
  if (!Object.hasOwn(graders, type)) return 0;
  return graders[type](extractAnswer(completion), extractAnswer(solution));
}

/** Mean F1 of ROUGE-1, ROUGE-2 and ROUGE-L. A one-word answer has no bigram and reaches 2/3 at most. */
function meanRouge(answer: string, truth: string): number {
  const { rouge1, rouge2, rougeL } = rougeScore(truth, answer);
  return (rouge1 + rouge2 + rougeL) / 3;
}
