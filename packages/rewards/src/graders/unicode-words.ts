import { withoutInvisible } from "../python-text.ts";

/** Scripts that are written without spaces: each character is a word. */
const unspaced =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";
const unspacedOne = new RegExp(`([${unspaced}]\\p{M}*)`, "gu");
const fromThaiOn = /[\u0e00-\uffff]/;
const foreign = /[^\0-\x7f]/;

/** What ROUGE does not see of a text, as {@link romanWords} does: other letters, symbols, the sign of a number. */
const unseen = /[^\0-\x7f]|[$%#+<=>~]|(?<![A-Za-z0-9])-(?=[0-9])/;
const unseenOnes = new RegExp(unseen.source, "gu");
const ownWord = new RegExp(`[${unspaced}\\p{Sm}\\p{So}\\p{Sc}$%‰#+<=>~-]`, "u");
const partOfWord = /[\p{L}\p{M}\p{N}]/u;

/** Characters that have a compatible form and are not a power, an index, a fraction or a number in a circle: 10³ is not 103. */
const compatible =
  /[^\0-\x7f\xaa\xb2\xb3\xb9\xba\xbc-\xbe\u2070-\u209c\u2150-\u215f\u2189\u2460-\u24ff\u2776-\u2793]+/g;

/**
 * The text in Unicode's compatibility form (NFKC; powers, indices and fractions stay), without invisible characters, with
 * straight quotation marks and the minus sign as ASCII has them.
 */
export function plainForm(text: string): string {
  if (!foreign.test(text)) return text;
  const straight = withoutInvisible(text).replace(typographic, straighten).normalize("NFC");
  return straight.normalize("NFKC") === straight ? straight : straight.replace(compatible, toCompatible);
}

const typographic = /[‘’‛“”‟−﹣]/g;

function straighten(mark: string): string {
  if (mark === "−" || mark === "﹣") return "-";
  return mark <= "‛" ? "'" : '"';
}

function toCompatible(run: string): string {
  return run.normalize("NFKC");
}

/** A space that groups thousands; NFKC would make an ordinary one of it, which groups none. */
const groupingSpace = /[\xa0\u2009\u202f](?<=\p{Nd}.)(?=\p{Nd}{3})/gu;

/** The text of a number in {@link plainForm}, with an apostrophe for a space that groups thousands. */
export function numberForm(text: string): string {
  return foreign.test(text) ? plainForm(text.replace(groupingSpace, "'")) : text;
}

/** The text with each character of a script without spaces as a word of its own. */
export function spacedWords(text: string): string {
  const plain = plainForm(text);
  return fromThaiOn.test(plain) ? plain.replace(unspacedOne, " $1 ") : plain;
}

/** Whether ROUGE misses something of the text that {@link romanWords} would show it. */
export function hasUnseenWords(text: string): boolean {
  return unseen.test(text);
}

/**
 * The words of a text for ROUGE, as words of a-z and 0-9 that `rougeScore` can tell apart: letters and digits of any script,
 * each character of one without spaces, mathematical and other symbols, and a sign before a number.
 */
export function romanWords(text: string): string {
  return plainForm(text).toLowerCase().normalize("NFC").replace(unseenOnes, romanOf);
}

/** Characters remembered at most. */
const mostRemembered = 4096;
const remembered = new Map<string, string>();

function romanOf(character: string): string {
  const known = remembered.get(character);
  if (known !== undefined) return known;
  const name = `zq${character.codePointAt(0)}`;
  const roman = ownWord.test(character) ? ` ${name} ` : partOfWord.test(character) ? name : " ";
  if (remembered.size < mostRemembered) remembered.set(character, roman);
  return roman;
}
