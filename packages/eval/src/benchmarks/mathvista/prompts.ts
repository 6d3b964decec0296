import { strip } from "@videor1/rewards";
import { type BenchmarkItem, letterAt, letteredOptions } from "../../item.ts";
import { afterMedia, type BenchmarkPrompt, type BenchmarkPrompts, officialRecord } from "../../prompts/prompt.ts";

interface MathvistaRecord {
  question: string;
  unit?: string | null;
  choices?: string[] | null;
}

/** What an answer is asked to be, by answer type; of decimals by their number. */
interface Hints {
  choice: string;
  integer: string;
  oneDecimal: string;
  twoDecimals: string;
  list: string;
}

const provide = (what: string, shown: string) =>
  `Hint: Please answer the question requiring ${what} and provide the final ${what.includes("list") ? "list" : "value"}, e.g., ${shown}, at the end.`;

const hints: Hints = {
  choice: "Hint: Please answer the question and provide the correct option letter, e.g., A, B, C, D, at the end.",
  integer: provide("an integer answer", "1, 2, 3"),
  oneDecimal: provide("a floating-point number with one decimal place", "1.2, 1.3, 1.4"),
  twoDecimals: provide("a floating-point number with two decimal places", "1.23, 1.34, 1.45"),
  list: provide("a Python list as an answer", "[1, 2, 3], [1.2, 1.3, 1.4]"),
};
const formats: Hints = {
  choice: "Answer with the option's letter from the given choices directly.",
  integer: "Answer the question using a single integer number.",
  oneDecimal: "Answer the question using a single floating-point number with one decimal place.",
  twoDecimals: "Answer the question using a single floating-point number with two decimal places.",
  list: "Answer the question using a Python list.",
};

function hintOf({ answerType, precision }: BenchmarkItem, words: Hints): string {
  if (answerType === "choice" || answerType === "integer" || answerType === "list") return words[answerType];
  return precision === 1 ? words.oneDecimal : words.twoDecimals;
}

const questionOf = ({ question, unit }: MathvistaRecord): string => (unit ? `${question} (Unit: ${unit})` : question);

function hinted(item: BenchmarkItem): string[] {
  const record = officialRecord<MathvistaRecord>(item);
  const choices = (record.choices ?? []).map((option, i) => `(${letterAt(i)}) ${option}`);
  const lines = choices.length > 0 ? ["Choices:", ...choices] : [];
  return [`Question: ${questionOf(record)}`, ...lines, hintOf(item, hints)];
}

function formatted(item: BenchmarkItem): string[] {
  const record = officialRecord<MathvistaRecord>(item);
  return [questionOf(record), ...letteredOptions(record.choices ?? []), hintOf(item, formats)];
}

const worded = (lines: (item: BenchmarkItem) => string[], maxNewTokens: number): BenchmarkPrompt => ({
  render: (item) => afterMedia(item, strip(lines(item).join("\n"))),
  generation: { maxNewTokens },
});
const solution = (item: BenchmarkItem) => [...hinted(item), "Solution:"];

/**
 * lmms-eval asks in three forms and reports each; the one with hints is its first.
 *
 * @see lupantech/MathVista@53d5258 evaluation/build_query.py, zero shots; lmms-eval 0.7.3 mathvista_testmini_{cot,format,solution}
 */
export const mathvistaPrompts: BenchmarkPrompts = {
  official: { ...worded(solution, 512), generation: { maxNewTokens: 512, temperature: 0.2 } },
  "lmms-eval": worded(hinted, 16_384),
  "lmms-eval-format": worded(formatted, 16_384),
  "lmms-eval-solution": worded(solution, 16_384),
};
