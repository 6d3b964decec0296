import { strip } from "@videor1/rewards";
import { type BenchmarkItem, letterAt } from "../../item.ts";
import { roundTo } from "../python/number-text.ts";
import type { BenchmarkScorer, Reading } from "../scorer.ts";

const tasks = ["multi-choice", "yes_no", "caption_matching"];
const aspects = ["action", "direction", "speed", "order", "attribute_change"];
const fineAspects = [
  "fine-grained action",
  "coarse-grained action",
  "object motion",
  "camera motion",
  "absolute speed",
  "relative speed",
  "order",
  "color & light change",
  "size & shape change",
  "combined change",
  "other change",
];

type Rating = 0 | 1 | undefined;

/**
 * TempCompass by its rules alone, as with `--disable_llm`: an output that no rule matches scores 0. A caption is always
 * left to the judge.
 *
 * @see llyx97/TempCompass@e1b4631 eval_multi-choice.py, eval_yes_no.py, eval_caption_matching.py, utils/eval_utils.py
 */
export const tempcompass: BenchmarkScorer = { read, aggregate };

function read(item: BenchmarkItem, output: string): Reading {
  const rule = ratings[tempcompassTask(item)];
  if (rule === undefined) return { score: null, status: "judge" };
  const rating = rule(strip(output.replaceAll("</s>", "")), item);
  return rating === undefined ? { score: 0, status: "unmatched" } : { score: rating };
}

/** Which of the four tasks an item is of. */
export function tempcompassTask({ groups, answerType }: BenchmarkItem): string {
  if (groups.task !== undefined) return groups.task;
  if (answerType === "caption") return "captioning";
  return answerType === "yes-no" ? "yes_no" : "multi-choice";
}

/** The official question, its options included, and the official answer. */
export function officialQuestion(item: BenchmarkItem): { question: string; answer: string } {
  const { extra, question, options, gold } = item;
  const task = tempcompassTask(item);
  const label =
    task === "caption_matching" ? (i: number) => `Caption ${letterAt(i)}: ` : (i: number) => `${letterAt(i)}. `;
  const lines = options.map((option, i) => label(i) + option);
  const chosen = gold.charCodeAt(0) - 65;
  const answer = task === "yes_no" ? gold : (lines[chosen] ?? gold);
  return {
    question: String(extra?.question ?? [question, ...(task === "yes_no" ? [] : lines)].join("\n")),
    answer: String(extra?.answer ?? answer),
  };
}

const ratings: Record<string, (prediction: string, item: BenchmarkItem) => Rating> = {
  "multi-choice": (prediction, item) => {
    const { answer } = officialQuestion(item);
    if (prediction === answer) return 1;
    const letter = /^([A-D])(?:$|[.)])/.exec(prediction)?.[1];
    return letter === undefined ? undefined : rated(letter === answer[0]);
  },
  yes_no: (prediction, item) => {
    const said = /^(?:yes|no)/.exec(prediction.toLowerCase())?.[0];
    return said === undefined ? undefined : rated(said === officialQuestion(item).answer);
  },
  caption_matching: (prediction, item) => {
    const { question, answer } = officialQuestion(item);
    const said = captionSaid(prediction, question.split("\n").slice(1));
    if (said === undefined) return undefined;
    const [label = "", text] = answer.split(": ");
    return rated([answer, answer.split(":")[0], text, label.split(/\s+/)[1]].includes(said));
  },
};

const rated = (isRight: boolean): 0 | 1 => (isRight ? 1 : 0);

/** What of the options' lines `label: text` a prediction is; a label comes before a text, and that before a whole line. */
function captionSaid(prediction: string, lines: readonly string[]): string | undefined {
  const labels = lines.map((line) => line.split(": ")[0]!);
  const bare = labels.map((label) => label.replaceAll(/Sentence |Option |Caption /g, ""));
  const texts = lines.map((line) => line.split(": ")[1]);
  const afterBracket = prediction.includes(") ") ? prediction.split(") ")[1] : undefined;
  return (
    [...labels, ...bare].findLast((label) => label === prediction || label === prediction.replaceAll(".", "")) ??
    texts.findLast((text) => text !== undefined && (text === prediction || text === afterBracket)) ??
    lines.findLast((line) => line === prediction)
  );
}

/** Percentages with one decimal by aspect and fine aspect, and the match rate, task by task. */
function aggregate(items: readonly BenchmarkItem[], readings: readonly Reading[]): Record<string, unknown> {
  const results: Record<string, unknown> = {};
  for (const task of tasks) {
    const rows = items
      .map((item, i) => ({ item, reading: readings[i]! }))
      .filter(({ item }) => tempcompassTask(item) === task);
    if (rows.length > 0) results[task] = taskResults(rows);
  }
  return results;
}

interface Row {
  item: BenchmarkItem;
  reading: Reading;
}

function taskResults(rows: readonly Row[]): Record<string, unknown> {
  const byAspect = table(aspects, "aspect", rows);
  const areFine = rows.every(({ item }) => item.groups.fineAspect !== undefined); // as meta_info.json says
  const byFineAspect = areFine ? table(fineAspects, "fineAspect", rows) : {};
  if (byAspect === undefined || byFineAspect === undefined) return { error: "ZeroDivisionError" };
  const matched = rows.filter(({ reading }) => reading.status === undefined).length;
  return {
    byAspect: { ...byAspect, avg: percentage(rows) },
    byFineAspect,
    matchRate: roundTo((matched / rows.length) * 100, 1),
  };
}

/** A percentage for each name; undefined if one has no item, which the harness divides by. */
function table(
  names: readonly string[],
  group: "aspect" | "fineAspect",
  rows: readonly Row[],
): Record<string, number> | undefined {
  const parts = names.map((name) => [name, rows.filter(({ item }) => item.groups[group] === name)] as const);
  if (parts.some(([, part]) => part.length === 0)) return undefined;
  return Object.fromEntries(parts.map(([name, part]) => [name, percentage(part)]));
}

const percentage = (rows: readonly Row[]): number =>
  roundTo((rows.reduce((sum, { reading }) => sum + (reading.score ?? 0), 0) * 100) / rows.length, 1);
