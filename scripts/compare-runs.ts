// node --conditions=@videor1/source --import tsx scripts/compare-runs.ts RUN RUN
// The differences of two runs of one config in loss and gradient norm, to compare engines, whose rounding differs. Runs that
// sample are compared up to the first completion that differs: after it they learn from other data.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type MetricsLine, readMetrics, readRolloutTexts, rolloutsFile } from "@videor1/runs";

export interface RunDifference {
  /** Number of steps with metrics in both runs. */
  steps: number;
  /** Number of steps before the first one whose completions differ. */
  equalSteps: number;
  /** Number of completions of the equal steps. */
  answers: number;
  /** Largest differences over the equal steps. */
  loss: Difference;
  gradNorm: Difference;
}

export interface Difference {
  /** |a - b| */
  absolute: number;
  /** |a - b| / max(|a|, |b|) */
  relative: number;
}

/** @throws {RangeError} If the runs have no steps, or not the same ones. */
export function compareRuns(a: string, b: string): RunDifference {
  const [metrics, others] = [readMetrics(a), readMetrics(b)];
  const stepsOf = (lines: readonly MetricsLine[]) => String(lines.map(({ step }) => step));
  if (metrics.length === 0 || stepsOf(metrics) !== stepsOf(others))
    throw new RangeError(`compareRuns: ${a} has ${metrics.length} steps, ${b} has ${others.length}, or other ones`);
  const [answers, otherAnswers] = [answersOf(a), answersOf(b)];
  const differs = metrics.findIndex(({ step }) => String(answers.get(step)) !== String(otherAnswers.get(step)));
  const equal = differs < 0 ? metrics : metrics.slice(0, differs);
  const difference = (name: "loss" | "gradNorm"): Difference => {
    const pairs = equal.map((line, i) => [line[name]!, others[i]![name]!] as const);
    const relative = (x: number, y: number) => (x === y ? 0 : Math.abs(x - y) / Math.max(Math.abs(x), Math.abs(y)));
    return {
      absolute: Math.max(...pairs.map(([x, y]) => Math.abs(x - y))),
      relative: Math.max(...pairs.map(([x, y]) => relative(x, y))),
    };
  };
  return {
    steps: metrics.length,
    equalSteps: equal.length,
    answers: equal.reduce((total, { step }) => total + (answers.get(step)?.length ?? 0), 0),
    loss: difference("loss"),
    gradNorm: difference("gradNorm"),
  };
}

/** The completions of each step, quoted; empty for a run that does not sample. */
function answersOf(run: string): Map<number, string[]> {
  const answers = new Map<number, string[]>();
  if (!existsSync(join(run, rolloutsFile))) return answers;
  for (const { step, ordered, shuffled } of readRolloutTexts(run)) {
    const texts = [...ordered, ...shuffled].map(({ text }) => JSON.stringify(text));
    answers.set(step, [...(answers.get(step) ?? []), ...texts]);
  }
  return answers;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [a, b] = process.argv.slice(2);
  if (a === undefined || b === undefined) throw new Error("Give the folders of two runs");
  console.log(compareRuns(a, b));
}
