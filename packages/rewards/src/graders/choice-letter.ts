import { splitWords, strip } from "../python-text.ts";

const letterFirst = /^\(?([A-Za-z])(?:$|[.):])/;
const onlyChoices = /^(?:and|or|[,;/&]|\(?[A-Za-z][.):]*)[,;]?$/;

/**
 * The letter that an answer chooses, in upper case: `C`, `c`, `C.`, `C)`, `(C)`, `C: …` and `C. the red ball` choose C.
 * `undefined` if it chooses none or several: `A or B`, `A. B. C.`, `a red ball`.
 */
export function choiceLetter(answer: string): string | undefined {
  const text = strip(answer);
  const match = letterFirst.exec(text);
  if (match === null) return undefined;
  const rest = splitWords(text.slice(match[0].length), 50);
  if (rest.length > 0 && rest.every((word) => onlyChoices.test(word))) return undefined;
  return match[1]!.toUpperCase();
}
