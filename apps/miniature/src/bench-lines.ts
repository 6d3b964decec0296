import type { BenchResult } from "@videor1/bench";
import { GradedPredictionLine, readLines } from "@videor1/runs";

/** Questions whose answers are shown: one of each of these tasks. */
const shown = ["miniature/direction", "miniature/order", "miniature/describe"];

/** The score of an evaluation in a line, and what the model said to a few questions. */
export async function benchLines({ summary, shuffled, predictionsFile }: BenchResult): Promise<string> {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const twin = shuffled ? `; the videos among them with shuffled frames: ${percent(shuffled.taskMean)}` : "";
  const lines = readLines(predictionsFile, GradedPredictionLine);
  const samples = shown.flatMap((task) => lines.filter(({ dataSource }) => dataSource === task).slice(0, 1));
  return [
    `mean score over the tasks: ${percent(summary.taskMean)}${twin}`,
    ...samples.map((line) => {
      const { problem, solution, score } = line;
      const output = line.status === "answered" ? line.output : "(no answer)";
      return `  ${score >= 0.5 ? "✓" : "✗"} ${problem}\n      ${output}   [truth: ${solution.replaceAll(/<\/?answer>/g, "")}]`;
    }),
  ].join("\n");
}
