import { strip } from "../python-text.ts";

const letterFirst = /^\(?([A-Za-z])(?:$|[.):])/;

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
 * The letter that an answer chooses, in upper case: `C`, `c`, `C.`, `C)`, `(C)`, `C: …` and `C. the red ball` choose C.
 * `undefined` if it chooses none or names another option anywhere: `A or B`, `A.B.`, `(A) red (B) blue`, `A. No, B`.
 *
 * Without the options, a letter from A to H (or J) that stands alone names an option: `C. A` chooses none. It does not
 * after a word such as in `vitamin C` or `team A`, nor as a unit behind a number, nor as the article `a`.
 */
export function choiceLetter(answer: string): string | undefined {
  const text = strip(answer);
  const match = letterFirst.exec(text);
  if (match === null) return undefined;
  const letter = match[1]!.toUpperCase();
  return namesAnother(text.slice(match[0].length).replace(abbreviations, ""), letter) ? undefined : letter;
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
