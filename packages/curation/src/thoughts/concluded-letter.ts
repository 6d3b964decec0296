const letter = "[(\\[\"'*]*([A-Z])(?![\\w'’]|\\*?\\*? (?:is|was|are) (?:not|wrong|incorrect))";
const named = `(?:(?:the )?(?:option|choice|letter|answer)s? )?`;

/** How a thought says what it ends with; the brackets hold the letter, which counts in upper case only. */
const conclusions: readonly RegExp[] = [
  `\\b(?:answer|choice|option)(?: (?:here|then|to this question))?(?: (?:is|would be|must be|should be|has to be|seems to be|will be)|:)(?: (?:likely|probably|clearly|definitely|therefore|thus))?:? ${named}${letter}`,
  `\\b(?:choose|pick|select|go with|going with|settle on|choosing|selecting) ${named}${letter}`,
  `\\b(?:so|therefore|thus|hence|then),? (?:(?:it|that)(?:'s|’s| is| must be| should be)|(?:it|that) (?:corresponds|matches|points) (?:to|with)) ${named}${letter}`,
  `\\b(?:so|therefore|thus|hence),? ${named}${letter}(?= (?:is|fits|matches|seems)|[.,)]|$)`,
  `\\b(?:options?|choices?|answers?) ${letter}(?= (?:is|seems|must be|should be) (?:the )?(?:correct|right|best|answer))`,
].map((pattern) => new RegExp(pattern, "gi"));

/**
 * The letter that a thought on a multiple choice question states last as its answer: "the answer is B", "I'll go with (C)", "so it
 * must be D", "option A is correct". A letter that is only weighed ("option B shows a dog") is none. Undefined if it states none of
 * `letters`.
 */
export function concludedLetter(thinking: string, letters: readonly string[]): string | undefined {
  const plain = thinking.replace(/\*\*|__/g, "");
  let last: { at: number; letter: string } | undefined;
  for (const pattern of conclusions)
    for (const match of plain.matchAll(pattern)) {
      const found = match[1]!;
      const at = match.index + match[0].length;
      if (letters.includes(found) && (last === undefined || at >= last.at)) last = { at, letter: found };
    }
  return last?.letter;
}

/** The letters that options begin with, `A. …`, `(B) …`; those without one are lettered by their place. */
export const lettersOf = (options: readonly string[]): string[] =>
  options.map((option, i) => /^\s*\(?([A-Z])(?:[.):]|\s|$)/.exec(option)?.[1] ?? String.fromCharCode(65 + i));
