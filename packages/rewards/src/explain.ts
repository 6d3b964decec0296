import type { ProblemType } from "./accuracy.ts";
import { answersSaid } from "./answers-said.ts";
import { wholeCompletion } from "./extract-answer.ts";
import { dropMarkup } from "./graders/drop-markup.ts";
import { areComparable, parseNumber, readFinite } from "./graders/parse-number.ts";
import { hasDecimalMark } from "./graders/same-number.ts";
import type { Grading } from "./options.ts";
import { isBlank } from "./python-text.ts";

/** The measure that gave an accuracy. */
export type RuleName = "exact-match" | "same-number" | "word-error-rate" | "rouge" | "relative-closeness";

export const ruleNames: Record<ProblemType, RuleName> = {
  "multiple choice": "exact-match",
  numerical: "same-number",
  OCR: "word-error-rate",
  "free-form": "rouge",
  regression: "relative-closeness",
};

interface Scored {
  accuracy: number;
  answer: string;
  truth: string;
  problemType: ProblemType;
  completion: string;
  grading: Grading;
}

/** Why an answer earned less than 1, in one line; null if it earned 1. */
export function explain(scored: Scored): string | null {
  const { accuracy, answer, truth, problemType, completion, grading } = scored;
  if (accuracy === 1) return null;
  if (truth === "") return "the solution holds no answer";
  if (answer === "") return noAnswer(completion, grading);
  if (!grading.markup) return reasons[problemType](scored);
  return reasons[problemType]({ ...scored, answer: dropMarkup(answer), truth: dropMarkup(truth) });
}

function noAnswer(completion: string, grading: Grading): string {
  if (grading.rules === "video-r1") return "the completion holds no answer";
  if (answersSaid(wholeCompletion(completion, grading)).length > 1) return "the completion gives answers that differ";
  const opened = completion.indexOf("<answer>");
  if (opened < 0) return "the completion holds no <answer>";
  const closed = completion.indexOf("</answer>", opened);
  if (closed < 0) return "the completion's <answer> is not closed";
  if (isBlank(completion.slice(opened + "<answer>".length, closed))) return "the completion's answer is blank";
  return "the completion holds no answer outside its thinking and its tools";
}

const reasons: Record<ProblemType, (scored: Scored) => string> = {
  "multiple choice": ({ answer, truth }) => `${quoted(answer)} is not ${quoted(truth)}`,
  numerical: (scored) => {
    const { answer, truth, grading } = scored;
    const isMarked = grading.rules === "video-r1" && hasDecimalMark(answer) !== hasDecimalMark(truth);
    if (isMarked) return `only one of ${quoted(answer)} and ${quoted(truth)} has a decimal mark`;
    return unreadable(scored) ?? unitsDiffer(scored) ?? `${quoted(answer)} and ${quoted(truth)} are different numbers`;
  },
  OCR: ({ accuracy }) => `word error rate ${error(accuracy)}`,
  "free-form": ({ accuracy, answer, truth, grading }) => {
    if (answer === truth && accuracy > 0) return "the same single word: it has no ROUGE-2, so 2/3 is all it can get";
    if (accuracy > 0) return `mean F1 of ROUGE-1, ROUGE-2 and ROUGE-L ${short(accuracy)}`;
    if (/[a-z0-9]/i.test(truth) || (grading.unicode && /[\p{L}\p{N}\p{S}]/u.test(truth))) return "no word in common";
    return `the truth has no word${grading.unicode ? "" : " of a-z and 0-9"}, all that ROUGE reads`;
  },
  regression: (scored) => {
    const nothing = unreadable(scored) ?? unitsDiffer(scored);
    if (nothing !== undefined) return nothing;
    if (scored.grading.rules === "video-r1" && parseNumber(scored.truth) === 0)
      return "nothing scores against a truth of 0";
    return `relative error ${error(scored.accuracy)}`;
  },
};

function unitsDiffer({ answer, truth, grading }: Scored): string | undefined {
  return areComparable(answer, truth, grading)
    ? undefined
    : `${quoted(answer)} and ${quoted(truth)} have different units`;
}

function unreadable({ answer, truth, grading }: Scored): string | undefined {
  const read = (text: string) => (grading.rules === "safe" ? readFinite(text, grading) : parseNumber(text));
  if (read(truth) === undefined) return `the truth ${quoted(truth)} is not a number`;
  if (read(answer) === undefined) return `the answer ${quoted(answer)} is not a number`;
  return undefined;
}

function error(accuracy: number): string {
  return accuracy === 0 ? "1 or more" : short(1 - accuracy);
}

/** A value as JSON, cut to 60 units of text. */
export function quoted(text: unknown): string {
  if (typeof text !== "string") return JSON.stringify(text) ?? "undefined";
  const end = /[\ud800-\udbff]/.test(text[59] ?? "") ? 59 : 60; // no half of a character
  return JSON.stringify(text.length > 60 ? `${text.slice(0, end)}…` : text);
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
