import { strip } from "@videor1/rewards";
import type { BenchmarkItem } from "../../item.ts";
import { floatText, roundTo } from "../python/number-text.ts";
import { parseFloatText, parseIntegerText } from "../python/parse-number.ts";
import type { BenchmarkScorer, Reading } from "../scorer.ts";
import { optionNamed } from "../shared/mathvista-option.ts";
import { appendTo } from "./append-to.ts";

/** The keys of an item's record by which accuracies are told apart, in the script's order. */
const keys = ["question_type", "answer_type", "language", "source", "category", "task", "context", "grade", "skills"];

/**
 * MathVista without its judge: an output that is an option's text, or a number where one is asked, is its own extraction;
 * a judge would extract any other, and without one that is empty. Of a choice an extraction that names no letter becomes the
 * nearest option, an empty one the shortest.
 *
 * @see lupantech/MathVista@53d5258 evaluation/extract_answer.py, evaluation/calculate_score.py
 */
export const mathvista: BenchmarkScorer = {
  read: (item, output) => readAnswer(item, quickExtraction(item, output)),
  aggregate,
};

/** The score of an extraction, which a judge may have made; undefined is none. */
export function readAnswer(item: BenchmarkItem, extraction: string | undefined): Reading {
  const extracted = normalized(item, extraction ?? "");
  if (extracted === undefined) return { score: null, status: "error:UnboundLocalError" };
  const truth = item.extra?.answer ?? item.options[item.gold.charCodeAt(0) - 65] ?? item.gold;
  const score = extracted === truth ? 1 : 0;
  return { score, extracted, ...(extraction === undefined && { status: "judge" }) };
}

/** What the script extracts without its judge; undefined where it asks it. */
function quickExtraction(item: BenchmarkItem, output: string): string | undefined {
  if (output === "") return "";
  if (item.options.includes(output)) return output;
  const answerType = answerTypeOf(item);
  if (answerType === "integer") return parseIntegerText(output)?.toString();
  if (answerType === "float") {
    const number = parseFloatText(output);
    return number === undefined ? undefined : floatText(number);
  }
  return undefined;
}

/** Null is no answer; undefined, the script does not know the answer's type, and ends. */
function normalized(item: BenchmarkItem, extraction: string): string | null | undefined {
  const { options, precision } = item;
  if (options.length > 0) return optionNamed(strip(extraction), options);
  const number = parseFloatText(extraction);
  switch (answerTypeOf(item)) {
    case "list":
      return extraction;
    case "float":
      return number === undefined || precision === undefined ? null : floatText(roundTo(number, Math.trunc(precision)));
    case "integer":
      return number === undefined || !Number.isFinite(number) ? null : BigInt(Math.trunc(number)).toString();
    default:
      return undefined;
  }
}

const answerTypeOf = ({ extra, answerType }: BenchmarkItem): string => String(extra?.answer_type ?? answerType);

interface Count {
  accuracy: number;
  correct: number;
  total: number;
}

/** Accuracy of all, and by each value of each key, the best first. */
function aggregate(items: readonly BenchmarkItem[], readings: readonly Reading[]): Record<string, unknown> {
  if (items.length === 0) return { error: "ZeroDivisionError" };
  const scores = readings.map(({ score }) => score ?? 0);
  const results: Record<string, unknown> = { average: countOf(scores) };
  for (const key of keys) {
    const parts = new Map<string, number[]>();
    for (const [i, item] of items.entries()) {
      for (const value of valuesOf(item, key)) appendTo(parts, value, scores[i]!);
    }
    const counts = [...parts].map(([value, part]) => [value, countOf(part)] as const);
    results[key] = Object.fromEntries(counts.sort(([, x], [, y]) => y.accuracy - x.accuracy));
  }
  return results;
}

function countOf(scores: readonly number[]): Count {
  const correct = scores.reduce((sum, score) => sum + score, 0);
  return { accuracy: correct / scores.length, correct, total: scores.length };
}

function valuesOf({ extra, groups }: BenchmarkItem, key: string): string[] {
  const metadata = extra?.metadata as Record<string, unknown> | undefined;
  const value = extra?.[key] ?? metadata?.[key] ?? groups[key];
  return value === undefined ? [] : [...new Set([value].flat().map(String))];
}
