// Time grows with the length of a completion, not with its square, whatever its shape and type. bench/megabyte.bench.ts
// measures the milliseconds.
import { describe, expect, test } from "vitest";
import { accuracyReward, formatReward, problemTypes, scoreBatch } from "../src/index.ts";
import { longCompletions, longOptions, solutionFor } from "./long-completions.ts";
import { timesAsLong } from "./processor-time.ts";

/** Each is 16 times the one before; quadratic time shows at the short ones, before the long ones take minutes. */
const lengths = [2_000, 32_000, 512_000];
const completions = lengths.map(longCompletions);

/** Largest allowed ratio of a long text's time to that of 16 texts of a 16th: linear time gives 1, quadratic 16. */
const mostTimes = 4;

/** Compares the lengths from the shortest to the longest. */
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
