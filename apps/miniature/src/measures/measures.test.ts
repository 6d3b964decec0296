import type { Prediction } from "@videor1/report";
import { expect, test } from "vitest";
import { measures } from "./measures.ts";

const answer = (task: string, score: number, more: Partial<Prediction> = {}): Prediction => ({
  problemId: 0,
  dataSource: `miniature/${task}`,
  problemType: "multiple choice",
  status: "answered",
  score,
  output: "i see red",
  ...more,
});

const sampled = [
  answer("order", 1, { output: "i see red then blue", shuffledScore: 0 }),
  answer("order", 0, { output: "hmm the border is red", shuffledScore: 0 }),
  answer("direction", 1, { output: "hmm the border is red", shuffledScore: 1 }),
  answer("count", 1, { shuffledScore: 0 }),
  answer("color", 1, { shuffledScore: 1 }),
  { ...answer("order", 0), status: "failed" as const, output: undefined },
];
const greedy = [
  answer("order", 1),
  answer("direction", 0),
  answer("count", 0),
  answer("distance", 0.5),
  answer("color", 1),
];
const words = (text: string) => text.split(" ").length;

test("each measure is over its questions", () => {
  const { trap, greedyTrap, temporal, other, shortcut, orderGap, length } = measures(sampled, greedy, words);
  expect({ trap, shortcut }).toEqual({ trap: 2 / 4, shortcut: 2 / 4 }); // a question that failed is wrong, and no shortcut
  expect(orderGap).toBe(2 / 4); // three on the trap and the count; color is no temporal task
  expect(length).toBe((5 + 5 + 5 + 3 + 3) / 5);
  expect({ greedyTrap, temporal, other }).toEqual({ greedyTrap: 1 / 2, temporal: 1.5 / 4, other: 1 });
});

test("what was not evaluated is not measured", () => {
  expect(measures([], greedy, words)).toMatchObject({ trap: null, shortcut: null, length: null, greedyTrap: 0.5 });
});
