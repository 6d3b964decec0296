import { answerAccuracy, meanRelativeAccuracy } from "@videor1/rewards";
import type { AnswerType, BenchmarkItem } from "../../item.ts";
import { roundTo } from "../python/number-text.ts";
import type { Reading } from "../scorer.ts";
import { withLetters } from "./option-labels.ts";
import { readChoice } from "./read-choice.ts";
import { readExistence } from "./read-existence.ts";
import { readList } from "./read-list.ts";
import { readNumber, type StatedNumber } from "./read-number.ts";
import { readYesNo } from "./read-yes-no.ts";
import { type SaidAnswer, saidAnswer } from "./said-answer.ts";
import { sameText } from "./same-text.ts";

/** A reading without the place that its answer was found at; undefined if no rule finds an answer. */
type Rule = (item: BenchmarkItem, said: SaidAnswer) => (Reading & { rule: string }) | undefined;

/**
 * How our own scorer reads an output: strict about guessing, lenient about form. An output that says no answer, or several,
 * is `unparsed`; one that only a judge can compare is `unjudged`.
 */
export function readSafe(item: BenchmarkItem, output: string): Reading {
  const said = saidAnswer(output);
  if (said === undefined) return unparsed;
  const reading = rules[item.answerType](item, said);
  if (reading !== undefined) return { ...reading, rule: `${said.source}, ${reading.rule}` };
  return needsJudge(item) ? { score: 0, extracted: said.text, status: "unjudged" } : unparsed;
}

const unparsed: Reading = { score: 0, extracted: null, status: "unparsed" };

/** Whether only a judge can say what an answer means that no rule reads, or that equals no gold. */
function needsJudge({ answerType, benchmark }: BenchmarkItem): boolean {
  if (answerType === "text") return benchmark !== "video-mmmu";
  return answerType !== "choice" && answerType !== "yes-no" && answerType !== "number";
}

const rules: Record<AnswerType, Rule> = {
  choice: (item, { text }) => {
    const found = readChoice(withLetters(text, item), item.options);
    return found && { score: scoreOf(found.value === item.gold), extracted: found.value, rule: found.rule };
  },
  "yes-no": (item, { text, source }) => {
    const found = readYesNo(text) ?? (item.benchmark === "pope" ? readExistence(text, item.question) : undefined);
    if (found !== undefined) {
      return { score: scoreOf(found.value === item.gold), extracted: found.value, rule: found.rule };
    }
    const letter = source === "whole output" ? undefined : readChoice(text, item.options); // options are shown as A and B
    if (letter === undefined) return undefined;
    const value = item.options[letter.value.charCodeAt(0) - 65]!;
    return { score: scoreOf(value === item.gold), extracted: value, rule: letter.rule };
  },
  number: ({ gold }, { text }) => {
    const found = readNumber(text);
    const truth = Number(gold);
    if (found === undefined || found.value.isPercentage || !Number.isFinite(truth)) return undefined;
    const { number } = found.value;
    return { score: meanRelativeAccuracy(number, truth), extracted: number, rule: found.rule };
  },
  integer: (item, said) => numberRule(item, said, (x, y) => x === y),
  float: (item, said) => {
    const { precision } = item;
    return numberRule(item, said, (x, y) =>
      precision === undefined ? x === y : roundTo(x, precision) === roundTo(y, precision),
    );
  },
  list: ({ gold }, { text }) => {
    const found = readList(text);
    const truth = readList(gold);
    if (found === undefined || truth === undefined) return undefined;
    return { score: scoreOf(String(found.value) === String(truth.value)), extracted: found.value, rule: found.rule };
  },
  text: (item, said) => {
    const same = sameText(said.text, item.gold);
    if (same !== undefined) return { score: 1, extracted: same.value, rule: same.rule };
    const isNumber = readNumber(item.gold)?.rule === "number";
    const number = isNumber ? numberRule(item, said, sameNumber) : undefined;
    if (number !== undefined && (number.score === 1 || !needsJudge(item))) return number;
    return needsJudge(item) || isNumber ? undefined : { score: 0, extracted: said.text, rule: "text" };
  },
  caption: () => undefined,
};

const scoreOf = (isRight: boolean): number => (isRight ? 1 : 0);
const sameNumber = (x: number, y: number): boolean => answerAccuracy(String(x), String(y), "numerical") === 1;

/** A percentage may stand for its hundredth or for itself: golds are written both ways. */
function numberRule({ gold }: BenchmarkItem, { text }: SaidAnswer, areSame: (x: number, y: number) => boolean) {
  const found = readNumber(text);
  const truth = readNumber(gold)?.value.number;
  if (found === undefined || truth === undefined) return undefined;
  const isRight = meanings(found.value).some((value) => areSame(value, truth));
  return { score: scoreOf(isRight), extracted: found.value.number, rule: found.rule };
}

const meanings = ({ number, isPercentage }: StatedNumber): number[] =>
  isPercentage ? [number, number / 100] : [number];
