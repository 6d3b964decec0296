import { optionLetter } from "../../option-letter.ts";
import { type Check, recordCheck } from "../check.ts";
import type { LintRecord } from "../lint-record.ts";
import { plainText } from "../text-key.ts";

/** `a) red`, `1. red`: another kind of label, which a letter in front would double. */
const otherLabel = /^\s*[([]?[a-z0-9][.):\]]/;

/** A text without differences of spacing and of a capital at its beginning; "AA" is not "Aa", nor "MV" "mV". */
const cased = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/\s+/g, " ")
    .replace(/[ .;,]+$/, "")
    .replace(/^\p{Lu}(?=\p{Ll}{2})/u, (letter) => letter.toLowerCase());

/** The letter of the gold of options without letters, by letter or by text; undefined where it is not plain. */
function goldLetter({ gold, goldAt, choices, solution }: LintRecord): string | undefined {
  if (!/^\s*<answer>[^<>]*<\/answer>\s*$/.test(solution)) return undefined;
  const same = choices.flatMap(({ plain }, i) => (plain === plainText(gold) ? [i] : []));
  if (same.length === 1 && goldAt < 0) return optionLetter(same[0]!);
  return same.length === 0 && goldAt >= 0 ? gold : undefined;
}

export const optionLetterMissing: Check = recordCheck(
  {
    code: "OPTION_LETTER_MISSING",
    level: "warning",
    about: "have options without a letter, where the prompt asks for one",
    remedy: 'Write "A. …", "B. …".',
    fixes: "writes the letters where no option has a label; a gold that is an option's text becomes its letter",
    fix: (record) => {
      const { options, choices } = record;
      if (choices.length === 0 || choices.length > 26 || options.some((option) => otherLabel.test(option)))
        return undefined;
      if (choices.some(({ letter, text }) => letter !== undefined || text === "")) return undefined;
      const letter = goldLetter(record);
      if (letter === undefined) return undefined;
      return {
        options: choices.map(({ text }, i) => `${optionLetter(i)}. ${text}`),
        solution: `<answer>${letter}</answer>`,
      };
    },
  },
  ({ choices }) => {
    const missing = choices.filter(({ letter }) => letter === undefined).length;
    return missing > 0 ? `${missing} of ${choices.length} options` : undefined;
  },
);

export const optionLetterDoubled: Check = recordCheck(
  {
    code: "OPTION_LETTER_DOUBLED",
    level: "error",
    about: "have two options with the same letter",
    remedy: "Letter the options anew and see which one the gold means.",
  },
  ({ choices }) => {
    const twice = choices.find(({ letter }, i) => letter && choices.findIndex((other) => other.letter === letter) < i);
    return twice && `letter ${twice.letter}`;
  },
);

export const optionLetterOrder: Check = recordCheck(
  {
    code: "OPTION_LETTER_ORDER",
    level: "warning",
    about: "have letters that are not A, B, C … in order",
    remedy: "Letter the options anew, the gold with them.",
  },
  ({ choices }) => {
    const letters = choices.map(({ letter }) => letter);
    if (letters.every((letter, i) => letter === optionLetter(i))) return undefined;
    const isWhole = letters.every((letter) => letter !== undefined) && new Set(letters).size === letters.length;
    return isWhole ? letters.join(", ") : undefined;
  },
);

export const optionEmpty: Check = recordCheck(
  {
    code: "OPTION_EMPTY",
    level: "error",
    about: "have an option without a text",
    remedy: "Write its text, or take the option out.",
  },
  ({ choices }) => {
    const isPictured = choices.every(({ text }) => text === ""); // the options are in the picture: "A", "B", "C"
    const at = isPictured ? -1 : choices.findIndex(({ text }) => text === "");
    return at < 0 ? undefined : `option ${at + 1} of ${choices.length}`;
  },
);

export const optionAlike: Check = recordCheck(
  {
    code: "OPTION_ALIKE",
    level: "error",
    about: "have two options alike, of which one is right and the other wrong, or both wrong",
    remedy: "Take one of the two out, or write what tells them apart.",
  },
  ({ choices, goldAt }) => {
    if (new Set(choices.map(({ plain }) => plain)).size === choices.length) return undefined;
    const texts = choices.map(({ text }) => cased(text));
    const second = texts.findIndex((text, i) => text !== "" && texts.indexOf(text) < i);
    if (second < 0) return undefined;
    const first = texts.indexOf(texts[second]!);
    const isGold = goldAt === first || goldAt === second;
    return `options ${first + 1} and ${second + 1}${isGold ? ", one of which is the gold" : ""}`;
  },
);

export const optionPrefix: Check = recordCheck(
  {
    code: "OPTION_PREFIX",
    level: "info",
    about: "have an option whose text begins another one's, which scorers that compare texts mistake",
    remedy: "Nothing where letters are compared, as in training; else write the options apart.",
  },
  ({ choices }) => {
    const begins = (text: string, other: string) =>
      text !== "" &&
      other.length > text.length &&
      other.startsWith(text) &&
      /^[^\p{L}\p{N}]/u.test(other.slice(text.length));
    const at = choices.findIndex(({ plain }) => choices.some((other) => begins(plain, other.plain)));
    return at < 0 ? undefined : `option ${at + 1}, ${JSON.stringify(choices[at]!.text.slice(0, 60))}`;
  },
);

export const optionSingle: Check = recordCheck(
  {
    code: "OPTION_SINGLE",
    level: "error",
    about: "have one option alone, so that no other answer is wrong",
    remedy: "Write the other options, or leave the records out.",
  },
  ({ choices, options }) => (choices.length === 1 ? JSON.stringify(options[0]) : undefined),
);

export const optionsInQuestion: Check = recordCheck(
  {
    code: "OPTIONS_IN_QUESTION",
    level: "warning",
    about: "list their options in the question as well, so that the prompt shows them twice",
    remedy: "Take the list out of problem.",
  },
  ({ choices, problem }) => {
    if (choices.length < 2 || !/[A-Z][.)]/.test(problem)) return undefined;
    const isListed = choices.every(
      ({ text }, i) =>
        text !== "" &&
        (problem.includes(`${optionLetter(i)}. ${text}`) || problem.includes(`${optionLetter(i)}) ${text}`)),
    );
    return isListed ? `${choices.length} options` : undefined;
  },
);
