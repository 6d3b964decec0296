import fc from "fast-check";
import { expect, test } from "vitest";
import { porterStem } from "./porter-stem.ts";
import { vocabularyOf } from "./tokens.ts";

/** The tokens by their definition. */
function tokensOf(text: string, useStemmer: boolean): string[] {
  const tokens = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return useStemmer ? tokens.map((token) => (token.length > 3 ? porterStem(token) : token)) : tokens;
}

const word = fc.constantFrom(
  ..."running run runs ran dying die dies skies sky ability able hopping hop THE the İstanbul 4K 4k k5 12 1234 é ß the2".split(
    " ",
  ),
);
const text = fc.array(fc.oneof(word, fc.string({ maxLength: 6 })), { maxLength: 12 }).map((words) => words.join(" "));

test("two texts share what their lower-cased, stemmed tokens share", () => {
  fc.assert(
    fc.property(text, text, fc.boolean(), (target, other, useStemmer) => {
      const { ids, size, idsOf } = vocabularyOf(target, useStemmer);
      const tokens = tokensOf(target, useStemmer);
      const distinct = [...new Set(tokens)];
      expect(size).toBe(distinct.length);
      expect(ids).toEqual(tokens.map((token) => distinct.indexOf(token)));
      expect(idsOf(other)).toEqual(
        tokensOf(other, useStemmer).map((token) => (distinct.includes(token) ? distinct.indexOf(token) : size)),
      );
    }),
    { numRuns: 3000 },
  );
});

test("every character of Unicode separates tokens or is a letter, as its lower case says", () => {
  const wrong: string[] = [];
  for (let codePoint = 0; codePoint < 0x110000; codePoint++) {
    const character = String.fromCodePoint(codePoint);
    const around = `ab${character}cd`;
    const expected = tokensOf(around, false);
    const { ids, idsOf } = vocabularyOf(expected.join(" "), false);
    if (idsOf(around).join() !== ids.join()) wrong.push(codePoint.toString(16));
  }
  expect(wrong).toEqual([]);
});

test("words beyond those that are remembered are still known", () => {
  const other = Array.from({ length: 10_000 }, (_, i) => `pick${i}`).join(" ");
  const { size, idsOf } = vocabularyOf("picking pick9999", true);
  expect(size).toBe(2);
  expect(idsOf(`${other} picked`).slice(-3)).toEqual([2, 1, 0]);
});
