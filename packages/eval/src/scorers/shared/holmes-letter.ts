const letters = ["A", "B", "C", "D", "E", "F"];

/**
 * Video-Holmes' letter of an answer: the first of A to F, in this order, with a space or a colon behind it or a square bracket
 * before it; else the first that is in the text at all; `undefined` if none is.
 *
 * @see TencentARC/Video-Holmes@52ef8da evaluate.py `evaluate`
 */
export const holmesLetter = (answer: string): string | undefined =>
  letters.find((letter) => [`${letter} `, `${letter}:`, `[${letter}`].some((form) => answer.includes(form))) ??
  letters.find((letter) => answer.includes(letter));
