import { optionLetter } from "../option-letter.ts";

/** An option's label and text. */
export interface Option {
  /** A to Z; undefined if it has none. */
  letter: string | undefined;
  text: string;
}

/** `A. red`, `(A) red`, `A) red`, `A: red`, or the letter alone, as the rewards read them. */
const labelled = /^\s*[([]?([A-Z])(?:[.):\]]\s*|$)/;

/** Reads `A. red` as letter A and text "red". */
export function readOption(option: string): Option {
  const label = labelled.exec(option);
  return { letter: label?.[1], text: option.slice(label?.[0].length ?? 0).trim() };
}

/** The index of the option that a gold names by its letter or its place; -1 if it is none. */
export const goldIndex = (gold: string, options: readonly Option[]): number =>
  gold.length === 1 ? options.findIndex(({ letter }, i) => (letter ?? optionLetter(i)) === gold) : -1;
