import { parseNumber, strip } from "@videor1/rewards";
import { lengthOf } from "../python/code-points.ts";
import { floatText, roundTo } from "../python/number-text.ts";
import { stripCharacters } from "../python/strip.ts";
import { digit, wordBoundary } from "../python/word.ts";

// MMMU's way with open answers, which VideoMMMU's own code, lmms-eval and VLMEvalKit have alike
// (EvolvingLMMs-Lab/VideoMMMU@88b4ac3 lmms_eval/tasks/videommmu/utils.py).

/** An answer in the form in which two are compared: a number with two decimals, else a text in small letters. */
export type NormalAnswer = string | number;

/** What announces the answer; what follows its last mention is the candidate. */
const announcements = [
  "could be ",
  "so ",
  "is ",
  "thus ",
  "therefore ",
  "final ",
  "answer ",
  "result ",
  "are ",
  "in total ",
  "total ",
  "identify ",
  "recognize ",
  "calculated as ",
  "counted as ",
  "measured as ",
  "observed as ",
  "concluded as ",
  "found to be ",
  "equals ",
  "determined to be ",
  "number of ",
  "value is ",
  "adds up to ",
  "have ",
  "has ",
];
const trivial = [":", ",", ".", "!", "?", ";", "'"];

/** No number starts within digits: the original finds none there either, after as many steps as there are pairs of digits. */
const start = `(?<!${digit})`;

/** Numbers with commas between thousands, with an exponent, and plain ones, in the order in which they are looked for. */
const numberForms = [
  new RegExp(`-?${wordBoundary}${digit}{1,3}(?:,${digit}{3})+${wordBoundary}`, "gu"),
  new RegExp(`-?${start}${digit}+(?:\\.${digit}+)?[eE][+-]?${digit}+`, "gu"),
  new RegExp(
    `-?(?:${start}${digit}+\\.${digit}+|\\.${digit}+|${start}${digit}+${wordBoundary})(?![eE][+-]?${digit}+)(?![,${digit}])`,
    "gu",
  ),
];

/**
 * All that an open response may answer: of each line the shortest text behind an announcement, the whole response if no line
 * has one, and every number in those. Each once, sorted by text, as Python's set has no order.
 *
 * @returns `undefined` for an empty response, which the harnesses call an API error.
 */
export function parseOpenResponse(response: string): NormalAnswer[] | undefined {
  if (response === "" || response === "API Error") return undefined;
  const keys = keyResponses(stripCharacters(strip(response), ".").toLowerCase());
  const numbers = keys.flatMap((key) => numberForms.flatMap((form) => key.match(form) ?? []));
  const answers = [...keys, ...numbers].flatMap(normalAnswers);
  return answers.filter(isFirst).sort((a, b) => compareTexts(textOf(a), textOf(b)));
}

function keyResponses(response: string): string[] {
  const lines = response.split("\n");
  const keys = lines.flatMap((line, i) => shortestTail(line, i === lines.length - 1) ?? []);
  return keys.length > 0 ? keys : [response];
}

/** The last line may be an equation, so that there an equals sign announces too. */
function shortestTail(line: string, isLast: boolean): string | undefined {
  let shortest = "";
  for (const announcement of isLast ? [...announcements, "="] : announcements) {
    if (!line.includes(announcement)) continue;
    const tail = strip(line.split(announcement).at(-1)!);
    if (shortest === "" || lengthOf(tail) < lengthOf(shortest)) shortest = tail;
  }
  return shortest === "" || trivial.includes(shortest) ? undefined : shortest;
}

/** A single letter is padded on either side in turn, so that it is not found inside of words. */
function normalAnswers(text: string): NormalAnswer[] {
  const stripped = strip(text);
  const number = parseNumber(stripped);
  if (number !== undefined) return [roundTo(number, 2)];
  const lower = stripped.toLowerCase();
  return lengthOf(lower) === 1 ? [` ${lower}`, `${lower} `] : [lower];
}

/** A set keeps the first of equal ones; NaN equals none. */
const isFirst = (answer: NormalAnswer, i: number, all: readonly NormalAnswer[]): boolean =>
  Number.isNaN(answer) || all.indexOf(answer) === i;

const textOf = (answer: NormalAnswer): string => (typeof answer === "number" ? floatText(answer) : answer);
const compareTexts = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Whether a parsed text contains one of the gold's texts, or a parsed number equals one of its numbers. */
export function isOpenAnswerRight(gold: string | readonly string[], parsed: readonly NormalAnswer[]): boolean {
  const golds = [gold].flat().flatMap(normalAnswers);
  return parsed.some((answer) =>
    typeof answer === "number"
      ? golds.includes(answer) && !Number.isNaN(answer)
      : golds.some((one) => typeof one === "string" && answer.includes(one)),
  );
}
