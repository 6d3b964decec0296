import type { Item } from "../src/score-item.ts";

const distinct = (words: number): string => Array.from({ length: words }, (_, i) => i.toString(36)).join(" ");

const texts: Record<string, [answer: string, truth: string]> = {
  "equal short words": ["a b ".repeat(7500), "b a a ".repeat(5000)],
  "distinct words": [distinct(7400), distinct(7400)],
  "a long answer": ["a b ".repeat(178_000), "a b ".repeat(100)],
  "a long truth": ["a b ".repeat(100), "a b ".repeat(178_000)],
  "an answer to an empty truth": ["word ".repeat(199_000), ""],
  "words that are stemmed": ["relational ".repeat(2700), "relationships ".repeat(2200)],
};

/** Items just within the default `maxItemWork`, of both types that align words, in the shapes that take longest. */
export const longestItems: Readonly<Record<string, readonly Item[]>> = Object.fromEntries(
  Object.entries(texts).map(([shape, [answer, truth]]) => [
    shape,
    ["OCR", "free-form"].map((problemType) => ({
      completion: `<think>.</think><answer>${answer}</answer>`,
      solution: `<answer>${truth}</answer>`,
      problemType,
    })),
  ]),
);
