/** Scripts that put no spaces between words: each character counts as a word. */
const pieces = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}'’]+/gu;

/** The words of a text in lower case, without what stands between them. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(pieces) ?? [];
