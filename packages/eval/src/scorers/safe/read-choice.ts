import { strip } from "@videor1/rewards";
import { conclusions } from "./conclusions.ts";
import { type Found, isOption, optionAlone } from "./option-alone.ts";
import { lettersAt, statedLetters } from "./stated-letters.ts";

/**
 * The letter of the one option that an answer chooses, by letter, text or both, alone or in a sentence.
 *
 * @returns undefined if it names none or several: nothing is guessed from a letter that merely occurs.
 */
export function readChoice(answer: string, options: readonly string[]): Found<string> | undefined {
  const alone = optionAlone(answer, options);
  if (alone !== undefined) return alone;
  if (holdsOnlyLetters(answer)) return undefined;
  const rules: [rule: string, letters: readonly string[]][] = [
    ["conclusion", concluded(answer, options)],
    ["statement", statedLetters(answer)],
    ["closing letter", closingLetter(answer)],
    ["line", lineLetters(answer, options)],
  ];
  for (const [rule, letters] of rules) {
    if (letters.length === 0) continue;
    const [value, ...others] = new Set(letters);
    return others.length === 0 && isOption(value!, options) ? { value: value!, rule } : undefined;
  }
  return undefined;
}

/** `A, C`: letters beside each other and no word. */
const holdsOnlyLetters = (text: string): boolean => !text.includes("\n") && !/\p{L}{2}/u.test(text);

function concluded(text: string, options: readonly string[]): string[] {
  return conclusions(text).flatMap((clause) => optionAlone(clause, options)?.value ?? lettersAt(clause, 0));
}

const closing =
  /^(.*(?:[.,:;!?]\s+|\b(?:so|hence|therefore|thus|obviously|clearly|surely),?\s+))[("'[]*([A-Z])[)"'\]]*[.!]*$/is;
const standing = /(?<![\p{L}\p{N}'’])(?:[B-HJ]|A(?!\s+\p{Ll}))(?![\p{L}\p{N}'’])/u;

/** The letter that ends the last line behind a comma, a full stop or `so`, where no other letter stands. */
function closingLetter(text: string): string[] {
  const [, before = "", letter = ""] = closing.exec(strip(text).split("\n").at(-1)!) ?? [];
  return /[A-Z]/.test(letter) && !standing.test(before) ? [letter] : [];
}

/** The options that whole lines name, of a text of several. */
function lineLetters(text: string, options: readonly string[]): string[] {
  const lines = new Set(text.split("\n").map(strip));
  return !text.includes("\n")
    ? []
    : [...lines].flatMap((line) => optionAlone(line, options)?.value ?? strangerOf(line));
}

/** A line that is the letter of no option speaks against those of others. */
const strangerOf = (line: string): string[] => (/^[A-Z]$/.test(line) ? [line] : []);
