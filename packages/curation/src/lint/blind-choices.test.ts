import { randomStream } from "@videor1/random";
import { expect, test } from "vitest";
import { blindChoices } from "./blind-choices.ts";

/** One record a row: fold, options, gold. */
function solve(rows: readonly [fold: number, options: string[][], gold: number][], question: string[] = []) {
  const choices = blindChoices(2);
  for (const [fold, options, gold] of rows) choices.add({ group: 0, fold, question, options, gold });
  return choices.finish().get(0);
}

test("an option is known by a word that was gold in the other fold", () => {
  // fold 1: "red" gold, "blue" not; prior 1/2: share(red) = (1 + 4/2) / (1 + 4) = 3/5, share(blue) = 2/5
  expect(
    solve([
      [0, [["blue"], ["red"]], 1],
      [1, [["red"], ["blue"]], 0],
    ]),
  ).toEqual({ records: 2, earned: 2, expected: 1 });
  expect(
    solve([
      [0, [["blue"], ["red"]], 0],
      [1, [["red"], ["blue"]], 0],
    ]),
  ).toEqual({ records: 2, earned: 0, expected: 1 });
});

test("nothing known is an even guess; nothing is learnt from the own fold", () => {
  const red: [number, string[][], number] = [0, [["red"], ["blue"], ["green"], ["black"]], 0];
  expect(solve([red, red, red])).toEqual({ records: 3, earned: 0.75, expected: 0.75 });
});

test("what is gold depends on the question", () => {
  const choices = blindChoices(2);
  for (const fold of [0, 1])
    for (const [i, word] of ["hot", "cold"].entries())
      choices.add({ group: 0, fold, question: [word], options: [["sun"], ["ice"]], gold: i });
  expect(choices.finish().get(0)).toEqual({ records: 4, earned: 4, expected: 2 });
});

test("groups do not teach each other, and texts that say nothing earn chance", () => {
  const rng = randomStream(1, "blind choices");
  const words = Array.from({ length: 40 }, (_, i) => `w${i}`);
  const choices = blindChoices(5);
  for (let i = 0; i < 4000; i++) {
    const options = Array.from({ length: 4 }, () => [rng.choice(words), rng.choice(words)]);
    choices.add({ group: i % 2, fold: rng.int(5), question: [rng.choice(words)], options, gold: rng.int(4) });
  }
  const solved = [...choices.finish().values()];
  expect(solved.map(({ records }) => records)).toEqual([2000, 2000]);
  for (const { earned, expected } of solved)
    expect(Math.abs(earned - expected)).toBeLessThan(4 * Math.sqrt(2000 * 0.1875));
});
