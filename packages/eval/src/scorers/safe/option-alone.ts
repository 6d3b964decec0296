import { strip } from "@videor1/rewards";
import { chosenOption, plainForm } from "@videor1/rewards/reading";
import { letterAt, letteredOptions } from "../../item.ts";

/** What a rule read in an answer, and the rule. */
export interface Found<T> {
  value: T;
  rule: string;
}

export const isOption = (letter: string, options: readonly string[]): boolean =>
  options.some((_, i) => letterAt(i) === letter);

const plainLetter = /^\(?([A-Z])\)?[.:!,;]?$/;

/** The option that a text names and does nothing else: by its letter, its text, or both if they agree. */
export function optionAlone(text: string, options: readonly string[]): Found<string> | undefined {
  const bare = withoutWrapping(text);
  const letter = plainLetter.exec(bare)?.[1];
  if (letter !== undefined) return isOption(letter, options) ? { value: letter, rule: "letter" } : undefined;
  const exact = lettersOf(options, (option) => option === bare);
  if (exact.length === 1) return { value: exact[0]!, rule: "option text" };
  const chosen = chosenOption(withoutDenied(withTextBehind(bare)), letteredOptions(options));
  if (chosen?.length === 1) return agreeing(bare, chosen, options);
  const alike = lettersOf(options, (option) => comparable(option) === comparable(bare));
  return alike.length === 1 ? { value: alike[0]!, rule: "option text" } : undefined;
}

const lettersOf = (options: readonly string[], isMeant: (option: string) => boolean): string[] =>
  options.flatMap((option, i) => (isMeant(option) ? [letterAt(i)] : []));

/** A text without quotation marks or braces around, and without a list's or a heading's mark before. */
function withoutWrapping(text: string): string {
  const bare = strip(text).replace(/^(?:[-•>]|#+)\s+/, "");
  return strip(/^(["'“‘{<])([^"'”’{}<>]*)["'”’}>]$/.exec(bare)?.[2] ?? bare);
}

/** `C (a green kettle)` as `C. a green kettle`. */
const withTextBehind = (text: string): string => text.replace(/^([A-Z])\s*\(([^()]{2,})\)\.?$/, "$1. $2");

/** `C, not A` without the options that it denies. */
const withoutDenied = (text: string): string =>
  text.replace(
    /(?:[,;]\s*|(?<!\s)\s*)(?:\b(?:and )?not|\brather than|\binstead of)\s+(?:option\s+)?[("']*[A-Z][)"']*(?=[\s.,;!]|$)/g,
    "",
  );

/** The letter with the rule that found it; undefined if the text behind it is another option's. */
function agreeing(text: string, letter: string, options: readonly string[]): Found<string> | undefined {
  const behind = new RegExp(`(?<![\\p{L}\\p{N}])${letter}(?![\\p{L}\\p{N}])[\\s.):\\],-]*(.*)$`, "isu").exec(text)?.[1];
  const said = behind === undefined ? "" : comparable(behind);
  const named = said === "" ? [] : lettersOf(options, (option) => comparable(option) === said);
  if (named.length > 0) return named.includes(letter) ? { value: letter, rule: "letter and text" } : undefined;
  return { value: letter, rule: behind === undefined ? "option text" : "letter" };
}

/** In small letters, without an article before or a full stop behind. */
export function comparable(text: string): string {
  const plain = strip(plainForm(text))
    .toLowerCase()
    .replace(/(?<![.!])[.!]+$/, "");
  return strip(plain.replace(/^(?:the|an?)\s+/, "")).replace(/\s+/g, " ");
}
