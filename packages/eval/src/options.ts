import { letterAt } from "./item.ts";

/** Options without the letters that they carry (`A. a red kettle`); as they are unless all carry theirs. */
export function withoutLetters(options: readonly string[]): string[] {
  const carried = options.every((option, i) => option.startsWith(`${letterAt(i)}.`));
  return carried ? options.map((option) => option.slice(2).trim()) : [...options];
}

/** The index of a letter among the options, or -1. */
export function indexOfLetter(letter: string, options: readonly string[]): number {
  return options.findIndex((_, i) => letterAt(i) === letter);
}

/** A text that Python's `float` reads as a plain decimal number. */
export const isDecimal = (text: string): boolean => /^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$/.test(text);
