// Time grows with the length of a completion, not with its square, whatever its shape and type. What a megabyte takes in
// milliseconds is for bench/megabyte.bench.ts to say.
import { describe, expect, test } from "vitest";
import { accuracyReward, formatReward, problemTypes, scoreBatch } from "../src/index.ts";
import { longCompletions, longOptions, solutionFor } from "./long-completions.ts";
import { timesAsLong } from "./processor-time.ts";

/** Each 16 times the one before. Where time is quadratic, the short ones tell before the long ones take minutes. */
const lengths = [2_000, 32_000, 512_000];
const completions = lengths.map(longCompletions);

/** A long text against 16 texts of a 16th of its length: 1 where time is linear, 16 where it is quadratic. */
const mostTimes = 4;

/** Tried from the shortest to the longest. */
function expectLinear(score: (completion: string) => void, shape: string): void {
  for (let i = 1; i < lengths.length; i++) {
    const [part, whole] = [completions[i - 1]![shape]!, completions[i]![shape]!];
    const scoreParts = (): void => {
      for (let k = 0; k < 16; k++) score(part);
    };
    const times = timesAsLong(() => score(whole), scoreParts, mostTimes);
    expect(times, `${lengths[i]} characters against 16 times ${lengths[i - 1]}`).toBeLessThanOrEqual(mostTimes);
  }
}

const shapes = Object.keys(completions[0]!);
describe.each(problemTypes)("%s", (type) => {
  describe.each(Object.entries(longOptions))("%s", (_, options) => {
    test.each(shapes)("%s", (shape) => {
      expectLinear((completion) => {
        accuracyReward(completion, solutionFor(type), type, options);
        formatReward(completion, { rules: options.rules });
      }, shape);
    });
  });
});

test("a batch explains a long answer without reading it again and again", () => {
  const items = problemTypes.map((problemType) => ({
    completion: completions.at(-1)!["different words"]!,
    solution: solutionFor(problemType),
    problemType,
  }));
  const rewards = (): void => {
    for (const { completion, solution, problemType } of items) {
      accuracyReward(completion, solution, problemType);
      formatReward(completion);
    }
  };
  expect(timesAsLong(() => scoreBatch(items), rewards, 2)).toBeLessThanOrEqual(2);
});
