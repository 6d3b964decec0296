import { compare } from "@videor1/statistics";
import { expect, test } from "vitest";
import { finding, verdictOf } from "./findings.ts";

const pairsOf = (differences: readonly number[], seedOf = (i: number) => i) =>
  compare(differences.map((d, i) => ({ sftSeed: seedOf(i), before: 0.5, after: 0.5 + d })))!;

test.each([
  ["same", [0, 0, 0]],
  ["unknown", [0.3]],
  ["unknown", [0.3, 0.3001]],
  ["none", [0.1, -0.1, 0.12, -0.05]],
  ["hint", [0.05, 0.03, 0.1]], // 2.9 se; the interval of three pairs asks for 4.3
  ["higher", [0.1, 0.12, 0.09, 0.11]],
  ["lower", [-0.1, -0.12, -0.09, -0.11]],
])("%s: %j", (verdict, differences) => {
  expect(verdictOf(pairsOf(differences))).toBe(verdict);
});

test("the sentence has the numbers, and says what is not shown", () => {
  const text = finding("contrast", "grpo", {
    trap: pairsOf([0.1, 0.12, 0.09, 0.11]),
    shortcut: pairsOf([-0.2, -0.21, -0.22, -0.2]),
    other: pairsOf([0.1, -0.1, 0.12, -0.05]),
    temporal: pairsOf([0, 0, 0, 0]),
  });
  expect(text).toBe(
    "contrast against grpo: higher sampled trap accuracy (+10.5 ± 0.6 points, 95 % [+8.4, +12.6], 4–0–0 of 4 pairs). " +
      "Also differs: the shortcut rate −20.7 ± 0.5 points. " +
      "No difference shown: accuracy on the temporal tasks, accuracy on the other tasks.",
  );
});

test("pairs that share SFT models are judged by model, too", () => {
  const shared = finding("a", "b", { trap: pairsOf([0.3, 0.28, 0.02, 0.01], (i) => Math.floor(i / 2)) });
  expect(shared).toContain(
    "With the 2 SFT models as units: +15.3 ± 13.7 points, 2 of 2 higher; that is within two standard",
  );
  expect(finding("a", "b", { trap: pairsOf([0.3, 0.28, 0.02, 0.01]) })).not.toContain("as units");
});

test("without a pair nothing is said", () => {
  expect(finding("a", "b", {})).toBe("a against b: no pair is finished.");
});
