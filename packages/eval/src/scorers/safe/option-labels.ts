import { type BenchmarkItem, letterAt } from "../../item.ts";

const labelled = /^\s*(?:caption|option|sentence|description) (\w):/i;

/**
 * An answer with letters for the labels that the item's question has for its options: `Option 2: a dog` is `B: a dog`, and
 * `Caption A` is `A`. A decimal number is no label: `2.50` stays.
 */
export function withLetters(answer: string, { benchmark, extra, options }: BenchmarkItem): string {
  if (benchmark !== "tempcompass") return answer;
  const lettered = answer.replace(/\b(?:caption|sentence|description) ([A-Z])(?![\p{L}\p{N}])/giu, "$1");
  const shown = typeof extra?.question === "string" ? extra.question.split("\n") : [];
  const numbers = shown.flatMap((line) => labelled.exec(line)?.[1] ?? []).filter((label) => /\d/.test(label));
  if (numbers.length !== options.length) return lettered;
  const letterOf = (all: string, number: string, rest = ""): string =>
    numbers.includes(number) ? letterAt(numbers.indexOf(number)) + rest : all;
  return lettered
    .replace(/\boption (\d)(?![.,:]?\d)/giu, (all, number) => letterOf(all, number))
    .replace(/^\(?(\d)(?:[.):](?!\d)\s*|$)/, (all, number) => letterOf(all, number, ". "));
}
