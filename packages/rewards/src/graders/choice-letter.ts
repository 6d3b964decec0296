import { strip } from "../python-text.ts";

/** What may stand before the letter: `The answer is`, `Option`, `I choose option`. */
const introduction =
  /^(?:(?:so|thus|therefore|hence),?\s+)?(?:(?:the|my)\s+)?(?:(?:final|correct|right|best)\s+)?(?:(?:answer|option|choice)(?:\s+(?:is|should be|must be))?|i\s+(?:choose|pick|select)|it\s+is|it's)(?:\s*[:：]\s*|\s+)(?:(?:the\s+)?(?:option|choice|letter)\s+)?/i;
const letterFirst = /^[([（【]?([A-Za-z])(?:$|[.):\],;。，、：）】]|\s+[-–—]\s)/;
const denied = /^[\s)\].:,]*(?:is|are|was|would be|isn't|cannot be|can't be)\b/i;

/** Dotted abbreviations, whose letters are no options. */
const abbreviations = /(?<![\p{L}\p{N}])(?:U\.S\.(?:A\.)?|U\.K\.|D\.C\.|A\.D\.|[ap]\.m\.|[AP]\.M\.|e\.g\.|i\.e\.)/gu;

/** A letter that stands alone, with the brackets and marks that make it the name of an option. */
const alone =
  /(\(|\[)?(?<![A-Za-z0-9À-ʯ'’°_])([A-Za-z])(?![A-Za-z0-9À-ʯ'’_]|[-‐‑][A-Za-z0-9]{2})([.):\]、：）](?!$))?/g;

/** Words before a letter that is a part of the option's text: vitamin C, team A. */
const labelled = /(?:vitamins?|team|plan|type|group|hepatitis|point|class|grade|section|player|gate|room|zone)\s$/i;
const afterNumber = /\d\s$/;
const hanLetter = /\p{Script=Han}$/u;
const hanJoin = /[或和与及選选是为為应應]$/;

/**
 * The letter that an answer chooses, in upper case: `C`, `c`, `C.`, `C)`, `(C)`, `[C]`, `C: …`, `C - …`, `Option C`, `The answer is C`
 * and `C. the red ball` choose C. `undefined` if it chooses none, says something of the letter (`C is wrong`), or names another
 * option anywhere: `A or B`, `A.B.`, `(A) red (B) blue`, `A. No, B`.
 *
 * Without the options, a letter from A to H (or J) that stands alone names an option: `C. A` chooses none. It does not
 * after a word such as in `vitamin C` or `team A`, nor as a unit behind a number, nor as the article `a`.
 */
export function choiceLetter(answer: string): string | undefined {
  const text = withoutIntroduction(answer);
  const match = letterFirst.exec(text);
  if (match === null) return undefined;
  const letter = match[1]!.toUpperCase();
  const rest = text.slice(match[0].length);
  return denied.test(rest) || namesAnother(rest.replace(abbreviations, ""), letter) ? undefined : letter;
}

const separators = /\s*(?:[,;，、；&+/]|\band\b|和|\s)\s*/i;
const oneLetter = /^[([（]?([A-Z])[.)\]）]?$/;

/**
 * The letters that an answer to a question with several right options chooses, in order: `A,C`, `C and A`, `(A) (C)` and `AC` choose
 * AC. `undefined` for fewer than two, or where anything else is written.
 */
export function choiceLetters(answer: string): string | undefined {
  const text = withoutIntroduction(answer).replace(/\.$/, "");
  if (text.length > 100) return undefined;
  const pieces = /^[A-Z]{2,8}$/.test(text) ? [...text] : text.replace(/([)\]）])(?=[([（])/g, "$1,").split(separators);
  const letters = pieces.filter((piece) => piece !== "").map((piece) => oneLetter.exec(piece)?.[1]);
  if (letters.includes(undefined)) return undefined;
  const chosen = [...new Set(letters)].sort().join("");
  return chosen.length < 2 || (chosen.length < letters.length && text.length === letters.length) ? undefined : chosen;
}

/** The answer without the words that say that it is one. */
export function withoutIntroduction(answer: string): string {
  return strip(answer).replace(introduction, "");
}

function namesAnother(rest: string, letter: string): boolean {
  for (const { 0: all, 1: bracket, 2: name = "", 3: mark, index } of rest.matchAll(alone)) {
    if (name.toUpperCase() === letter) continue;
    if (bracket !== undefined || mark !== undefined) return true;
    if (!/[A-HJa-hj]/.test(name)) continue;
    const before = rest.slice(Math.max(0, index - 12), index);
    const after = rest.slice(index + all.length, index + all.length + 8);
    if (labelled.test(before) || (afterNumber.test(before) && !/^\s*\d/.test(after))) continue;
    if (hanLetter.test(before) && !hanJoin.test(before)) continue;
    const isArticle = name === "a" && /^\s+\p{L}/u.test(after);
    if (!isArticle) return true;
  }
  return false;
}
