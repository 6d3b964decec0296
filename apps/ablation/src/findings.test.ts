import { comparePairs } from "@videor1/statistics";
import { expect, test } from "vitest";
import { finding } from "./findings.ts";

const pairsOf = (differences: readonly number[], clusterOf = (i: number) => i) =>
  comparePairs(differences.map((d, i) => ({ cluster: clusterOf(i), before: 0.5, after: 0.5 + d })))!;

test("the main measure comes with its numbers, the others by verdict", () => {
  const text = finding("contrast", "grpo", {
    trap: pairsOf([0.1, 0.12, 0.09, 0.11]),
    shortcut: pairsOf([-0.2, -0.21, -0.22, -0.2]),
    length: pairsOf([0.05, 0.04, 0.1]),
    other: pairsOf([0.1, -0.1, 0.12, -0.05]),
    temporal: pairsOf([0, 0, 0, 0]),
  });
  const [main, shown, hints, rest] = text.split(/\. /);
  expect(main).toMatch(/^contrast against grpo: higher .*\+10\.5 ± 0\.6 .*\[\+8\.4, \+12\.6\], 4–0–0 of 4/);
  expect(shown).toMatch(/shortcut rate −20\.7 ± 0\.5/);
  expect(hints).toMatch(/length \+0\.1 ± 0\.0/);
  expect(rest).toMatch(/temporal.*other/);
});

test.each([
  { differences: [0, 0], words: /exactly/ },
  { differences: [0.3], words: /\+30\.0 .*nothing/ },
  { differences: [0.1, -0.1, 0.12, -0.05], words: /no difference/ },
  { differences: [0.05, 0.04, 0.1], words: /hint of higher/ },
  { differences: [0.05, 0.03, 0.1], words: /no difference/ },
  { differences: [-0.1, -0.12, -0.09, -0.11], words: /: lower/ },
])("$differences: $words", ({ differences, words }) => {
  expect(finding("a", "b", { trap: pairsOf(differences) })).toMatch(words);
});

test("pairs that share SFT models are judged by model, too", () => {
  const shared = finding("a", "b", { trap: pairsOf([0.3, 0.28, 0.02, 0.01], (i) => Math.floor(i / 2)) });
  expect(shared).toMatch(
    /4 pairs of 2 SFT models show nothing.*2 SFT models as units: \+15\.3 ± 13\.7 .*\[−159\.5, \+190\.0\], 2 of 2 higher/,
  );
  expect(finding("a", "b", { trap: pairsOf([0.3, 0.28, 0.02, 0.01]) })).not.toContain("as units");
});

test("without a pair nothing is said", () => {
  expect(finding("a", "b", {})).toMatch(/no pair/);
});
