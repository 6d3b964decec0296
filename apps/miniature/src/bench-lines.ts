import type { BenchResult } from "@videor1/bench";
import { percent } from "@videor1/cli";
import { GradedPredictionLine, readLines } from "@videor1/runs";
import { type CorrectOptions, isCorrect } from "@videor1/tgrpo";

/** Tasks of which one question and answer is shown. */
const shown = ["miniature/direction", "miniature/order", "miniature/describe"];

/**
 * The score of an evaluation in a line, and the model's answers to a few questions.
 *
 * @param correctness - the rule of RL for right answers.
 */
export function benchLines({ summary, shuffled, predictionsFile }: BenchResult, correctness: CorrectOptions): string {
  const others = shuffled ? `; the videos among them with shuffled frames: ${percent(shuffled.taskMean)} %` : "";
  const lines = readLines(predictionsFile, GradedPredictionLine);
  const samples = shown.flatMap((task) => lines.filter(({ dataSource }) => dataSource === task).slice(0, 1));
  return [
    `mean score over the tasks: ${percent(summary.taskMean)} %${others}`,
    ...samples.map((line) => {
      const { problem, solution, score } = line;
      const output = line.status === "answered" ? line.output : "(no answer)";
      return `  ${isCorrect(score, correctness) ? "✓" : "✗"} ${problem}\n      ${output}   [truth: ${solution.replaceAll(/<\/?answer>/g, "")}]`;
    }),
  ].join("\n");
}
