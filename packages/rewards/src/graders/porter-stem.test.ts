import { expect, test } from "vitest";
import { readGolden } from "../../test/golden.ts";
import { porterStem } from "./porter-stem.ts";

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
