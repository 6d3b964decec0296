import { extractAnswer } from "./extract-answer.ts";
import { dropMarkup } from "./graders/drop-markup.ts";
import { exactMatch } from "./graders/exact-match.ts";
import { relativeCloseness } from "./graders/relative-closeness.ts";
import { rougeScore } from "./graders/rouge.ts";
import { sameNumber } from "./graders/same-number.ts";
import { hasUnseenWords, numberForm, plainForm, romanWords, spacedWords } from "./graders/unicode-words.ts";
import { wordAccuracy } from "./graders/word-error-rate.ts";
import { type AccuracyOptions, type Grading, gradingOf } from "./options.ts";
import { isBlank, strip } from "./python-text.ts";

/** The five kinds of question, spelled as in the records. */
export const problemTypes = ["multiple choice", "numerical", "OCR", "free-form", "regression"] as const;
export type ProblemType = (typeof problemTypes)[number];

/** Agreement of an answer with the truth, in [0, 1]. */
const graders: Record<ProblemType, (answer: string, truth: string, grading: Grading) => number> = {
  "multiple choice": exactMatch,
  numerical: sameNumber,
  OCR: matchingWords,
  "free-form": meanRouge,
  regression: relativeCloseness,
};

/**
 * Accuracy reward of one completion, in [0, 1]: the answer between its `<answer>` tags against the one in `solution`, by
 * the rule of the problem type. No text makes it throw: an unreadable answer, or a type outside `problemTypes`, scores 0.
 *
 * @param solution - The record's `solution`, tags included. Under the safe rules a text without `<answer>` is the truth itself.
 * @throws {RulesError} If the options name rules that do not exist.
 * @see arXiv:2503.21776 section 3; tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `accuracy_reward`
 */
export function accuracyReward(
  completion: string,
  solution: string,
  type: ProblemType,
  options: AccuracyOptions = {},
): number {
  const grading = gradingOf(options);
  return accuracyOf(extractAnswer(completion, grading), truthOf(solution, grading), type, grading);
}

/**
 * {@link accuracyReward} of an answer and a truth without tags.
 *
 * @throws {RulesError} If the options name rules that do not exist.
 */
export function answerAccuracy(
  answer: string,
  truth: string,
  type: ProblemType,
  options: AccuracyOptions = {},
): number {
  return accuracyOf(answer, truth, type, gradingOf(options));
}

/** {@link answerAccuracy} with parsed options. */
export function accuracyOf(answer: string, truth: string, type: ProblemType, grading: Grading): number {
  if (!isProblemType(type)) return 0;
  if (grading.rules === "safe") {
    if (isBlank(truth)) return 0;
    if (answer === truth && (type === "OCR" || type === "multiple choice")) return 1;
  }
  return graders[type](comparedText(answer, type, grading), comparedText(truth, type, grading), grading);
}

/** An answer or a truth as the options ask to compare it. */
function comparedText(text: string, type: ProblemType, { markup, ignoreCase, unicode }: Grading): string {
  if (text === "") return text;
  let compared = markup ? dropMarkup(text) : text;
  if (unicode) compared = unicodeForms[type](compared);
  return ignoreCase && (type === "OCR" || type === "multiple choice") ? compared.toLowerCase() : compared;
}

/** In what form the safe rules compare texts; ROUGE has its own. */
const unicodeForms: Record<ProblemType, (text: string) => string> = {
  "multiple choice": plainForm,
  numerical: numberForm,
  OCR: spacedWords,
  "free-form": (text) => text,
  regression: numberForm,
};

/** The true answer in a record's solution. */
export function truthOf(solution: string, grading: Grading): string {
  const truth = extractAnswer(solution, { rules: grading.rules });
  if (truth === "" && grading.rules === "safe" && !solution.includes("<answer>")) return strip(solution);
  return truth;
}

export function isProblemType(type: unknown): type is ProblemType {
  return typeof type === "string" && Object.hasOwn(graders, type);
}

/** 1 - word error rate, at least 0. */
function matchingWords(answer: string, truth: string, { rules }: Grading): number {
  if (rules === "safe" && truth === "") return 0;
  return wordAccuracy(answer, truth);
}

/** Mean F1 of ROUGE-1, ROUGE-2 and ROUGE-L. A one-word answer has no bigram and reaches 2/3 at most. */
function meanRouge(answer: string, truth: string, { unicode }: Grading): number {
  if (answer === "") return 0;
  const { rouge1, rouge2, rougeL } =
    unicode && (hasUnseenWords(truth) || hasUnseenWords(answer))
      ? rougeScore(romanWords(truth), romanWords(answer))
      : rougeScore(truth, answer);
  return (rouge1.fMeasure + rouge2.fMeasure + rougeL.fMeasure) / 3;
}
