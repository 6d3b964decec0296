import { readFile } from "node:fs/promises";
import type { BenchResult } from "@videor1/bench";
import { percent } from "@videor1/cli";
import { type CorrectOptions, isCorrect } from "@videor1/tgrpo";

interface Line {
  dataSource: string;
  problem: string;
  output?: string;
  solution: string;
  score: number;
}

/** Questions whose answers are shown: one of each of these tasks. */
const shown = ["miniature/direction", "miniature/order", "miniature/describe"];

/**
 * The score of an evaluation in a line, and what the model said to a few questions.
 *
 * @param correctness - which answers count as right, as RL scores them.
 */
export async function benchLines(
  { summary, shuffled, predictionsFile }: BenchResult,
  correctness: CorrectOptions,
): Promise<string> {
  const twin = shuffled ? `; the videos among them with shuffled frames: ${percent(shuffled.taskMean)} %` : "";
  const text = await readFile(predictionsFile, "utf8");
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  const samples = shown.flatMap((task) => lines.filter(({ dataSource }) => dataSource === task).slice(0, 1));
  return [
    `mean score over the tasks: ${percent(summary.taskMean)} %${twin}`,
    ...samples.map(
      ({ problem, output = "(no answer)", solution, score }) =>
        `  ${isCorrect(score, correctness) ? "✓" : "✗"} ${problem}\n      ${output}   [truth: ${solution.replaceAll(/<\/?answer>/g, "")}]`,
    ),
  ].join("\n");
}
