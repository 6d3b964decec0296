import fc from "fast-check";
import { expect, test } from "vitest";
import { readGolden } from "../../test/golden.ts";
import { commonStart, porterStem } from "./porter-stem.ts";

interface PorterGolden {
  source: { repo: string; version: string };
  cases: [word: string, stem: string][];
}
const golden = readGolden<PorterGolden>("porter");

test(`${golden.cases.length} stems as ${golden.source.repo} ${golden.source.version}`, () => {
  expect(golden.cases).toHaveLength(4045);
  expect(golden.cases.map(([word]) => [word, porterStem(word)])).toEqual(golden.cases);
});

// Recorded with the same NLTK: rules that the words above do not reach.
test.each([
  ["enjoy", "enjoy", "y after a vowel stays"],
  ["dies", "die", "four letters in -ies"],
  ["dying", "die", "irregular"],
  ["alley", "alley", "-alli only with a vowel and consonant before it"],
  ["yyyying", "yyyi", "a run of y alternates"],
  ["ied", "i", "nothing before the suffix"],
])("%s -> %s: %s", (word, stem) => expect(porterStem(word)).toBe(stem));

test("a word begins as its stem promises", () => {
  const begins = (word: string) => word.startsWith(commonStart(porterStem(word)));
  expect(golden.cases.filter(([word]) => !begins(word))).toEqual([]);
  expect(["skies", "dying", "lying", "tying", "cannings"].filter((word) => !begins(word))).toEqual([]);
  const endings =
    "s es ies ed ied eed ing y e ly ational tional enci anci izer bli alli entli eli ousli ization ation ator alism iveness fulness ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize ity ability";
  const letters = fc.string({ unit: fc.constantFrom(..."abelstyz1"), minLength: 1, maxLength: 4 });
  const ending = fc.constantFrom("", ...endings.split(" "));
  fc.assert(
    fc.property(letters, ending, ending, ending, (start, ...ends) => begins(start + ends.join(""))),
    { numRuns: 20_000 },
  );
});
