import { expect, test } from "vitest";
import { blindTexts } from "./blind-texts.ts";

function answersOf(rows: readonly [fold: number, words: string, answer: string][]) {
  const texts = blindTexts(2);
  for (const [fold, words, answer] of rows) texts.add({ fold, words: words.split(" "), answer });
  const answers = texts.finish();
  return answers && rows.map((_, i) => answers(i));
}

test("the words of the question choose among the answers of the other fold", () => {
  const rows: [number, string, string][] = [
    [0, "how many legs", "4"],
    [1, "how many legs", "4"],
    [0, "how many eyes", "2"],
    [1, "how many eyes", "2"],
  ];
  // legs: P(4) = 1/2 · (2/7)³ against P(2) = 1/2 · (2/7)² · 1/7: (1 + 1) / (3 + V), V = 4
  expect(answersOf(rows)).toEqual(["4", "4", "2", "2"]);
});

test("an answer of the own fold alone is not known; with nothing known it is the most frequent", () => {
  expect(
    answersOf([
      [0, "a", "x"],
      [0, "a", "x"],
      [1, "b", "y"],
      [1, "b", "y"],
      [1, "b", "y"],
    ]),
  ).toEqual(["y", "y", "x", "x", "x"]);
});

test("answers that stand once each teach nothing", () => {
  expect(
    answersOf([
      [0, "a", "x"],
      [1, "a", "y"],
    ]),
  ).toBeUndefined();
});
