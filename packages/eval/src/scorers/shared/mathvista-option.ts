import { letterAt } from "../../item.ts";

const bracketed = /\(([a-zA-Z])\)/;

/**
 * The option that an extraction of MathVista names: by the first letter in brackets or a letter alone; else the one of the
 * smallest edit distance, the first of equals, so that some option is always taken.
 */
export function optionNamed(extraction: string, options: readonly string[]): string {
  const name = bracketed.exec(extraction)?.[1]?.toUpperCase() ?? extraction;
  const named = options.find((_, i) => letterAt(i) === name);
  if (named !== undefined) return named;
  const distances = options.map((option) => editDistance(name, option));
  return options[distances.indexOf(Math.min(...distances))]!;
}

/** Levenshtein distance over code points. */
export function editDistance(from: string, to: string): number {
  const target = [...to];
  let row = Array.from({ length: target.length + 1 }, (_, i) => i);
  for (const [i, character] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of target.entries()) {
      const replaced = row[j]! + Number(character !== other);
      next.push(Math.min(replaced, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}
