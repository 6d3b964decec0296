import { expect, test } from "vitest";
import type { GroupView } from "../rollouts/group-view.ts";
import { type Chosen, isChosen } from "./group-filter.ts";

const answer = { tokens: 3, accuracy: 1, format: 1 };
const group: GroupView = {
  arm: 1,
  step: 30,
  period: 2,
  task: "order",
  outcome: "mixed",
  traits: ["p > p̃"],
  isRight: { ordered: [true], shuffled: [true] },
  strip: 0,
  dataType: "video",
  problem: "which color comes first?",
  options: ["A. red"],
  answer: "B",
  permutation: [1, 0],
  p: 0.5,
  pShuffled: 0,
  ordered: [
    { ...answer, text: "hmm the Border is red", temporalBonus: 0.3, lengthBonus: 0, reward: 2.3, advantage: 0.5 },
  ],
  shuffled: [{ ...answer, text: "i see green" }],
};
const all: Chosen = { arm: "", task: "", outcome: "", trait: "", period: "", text: "" };

test.each<[Partial<Chosen>, boolean, string]>([
  [{}, true, "nothing asked"],
  [{ arm: "1", task: "order", outcome: "mixed", trait: "p > p̃", period: "2" }, true, "everything fits"],
  [{ arm: "0" }, false, "another arm"],
  [{ task: "read" }, false, "another task"],
  [{ outcome: "all right" }, false, "another outcome"],
  [{ trait: "bad form" }, false, "a trait that it lacks"],
  [{ period: "3" }, false, "another period"],
  [{ arm: "1", task: "read" }, false, "one of two does not fit"],
  [{ text: "border" }, true, "in an answer, whatever the case"],
  [{ text: "COMES FIRST" }, true, "in the question"],
  [{ text: "i see green" }, true, "in an answer to the shuffled frames"],
  [{ text: "blue" }, false, "nowhere"],
])("%o: %s, %s", (asked, expected) => {
  expect(isChosen(group, { ...all, ...asked })).toBe(expected);
});
