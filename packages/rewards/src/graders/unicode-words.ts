/** Scripts that are written without spaces: each character is a word. */
const unspaced =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";
const words = new RegExp(
  `[${unspaced}]\\p{M}*|(?:(?![${unspaced}])[\\p{L}\\p{M}\\p{N}])+|(?<![\\p{L}\\p{N}])-(?=\\p{N})|[\\p{Sm}\\p{So}\\p{Sc}]`,
  "gu",
);
const unspacedOne = new RegExp(`([${unspaced}]\\p{M}*)`, "gu");

/** The text in Unicode's compatibility form (NFKC), with straight quotation marks and the minus sign as ASCII has them. */
export function plainForm(text: string): string {
  return text.replace(/[‘’‛]/g, "'").replace(/[“”‟]/g, '"').replace(/[−﹣]/g, "-").normalize("NFKC");
}

/** The text with each character of a script without spaces as a word of its own. */
export function spacedWords(text: string): string {
  return plainForm(text).replace(unspacedOne, " $1 ");
}

/**
 * The words of a text for ROUGE, as words of a-z and 0-9 that `rougeScore` can tell apart: letters and digits of any script,
 * each character of one without spaces, mathematical and other symbols, and a sign before a number.
 */
export function romanWords(text: string): string {
  const found = plainForm(text).toLowerCase().normalize("NFC").match(words) ?? [];
  return found.map((word) => word.replace(/[^a-z0-9]/gu, (character) => `zq${character.codePointAt(0)}`)).join(" ");
}
