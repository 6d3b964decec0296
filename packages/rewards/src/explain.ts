import type { ProblemType } from "./accuracy.ts";
import { parseNumber } from "./graders/parse-number.ts";
import { readFinite } from "./graders/read-finite.ts";
import { rougeScore } from "./graders/rouge.ts";
import { wordErrorRate } from "./graders/word-error-rate.ts";
import type { Grading } from "./options.ts";

/** The measure behind each problem type. */
export const ruleNames = {
  "multiple choice": "exact-match",
  numerical: "same-number",
  OCR: "word-error-rate",
  "free-form": "rouge",
  regression: "relative-closeness",
} as const satisfies Record<ProblemType, string>;

export type RuleName = (typeof ruleNames)[ProblemType];

interface Scored {
  accuracy: number;
  answer: string;
  truth: string;
  problemType: ProblemType;
  grading: Grading;
}

/** Why an answer earned less than 1, in one line; null if it earned 1. */
export function explain(scored: Scored): string | null {
  const { accuracy, answer, truth, grading } = scored;
  if (accuracy === 1) return null;
  if (truth === "") return "the solution holds no answer";
  if (answer === "") return `the completion holds no answer${grading.rules === "safe" ? " outside its thinking" : ""}`;
  return reasons[scored.problemType](scored);
}

const reasons: Record<ProblemType, (scored: Scored) => string> = {
  "multiple choice": ({ answer, truth }) => `${quoted(answer)} is not ${quoted(truth)}`,
  numerical: (scored) =>
    unreadable(scored) ?? `${quoted(scored.answer)} and ${quoted(scored.truth)} are different numbers`,
  OCR: ({ answer, truth }) => `word error rate ${shortNumber(wordErrorRate(answer, truth))}`,
  "free-form": ({ answer, truth }) => {
    const { rouge1, rouge2, rougeL } = rougeScore(truth, answer);
    const [f1, f2, fL] = [rouge1, rouge2, rougeL].map(({ fMeasure }) => shortNumber(fMeasure));
    return `F1 of ROUGE-1 ${f1}, ROUGE-2 ${f2}, ROUGE-L ${fL}`;
  },
  regression: (scored) => unreadable(scored) ?? `relative error ${shortNumber(1 - scored.accuracy)} or more`,
};

function unreadable({ answer, truth, grading }: Scored): string | undefined {
  const read = (text: string) => (grading.rules === "safe" ? readFinite(text, grading) : parseNumber(text));
  if (read(truth) === undefined) return `the truth ${quoted(truth)} is not a number`;
  if (read(answer) === undefined) return `the answer ${quoted(answer)} is not a number`;
  return undefined;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}
