import { strip } from "@videor1/rewards";
import { type BenchmarkItem, letterAt } from "../../item.ts";
import type { BenchmarkScorer, Reading } from "../scorer.ts";

/**
 * MVBench: the first word of "(" and the output's first line, without full stops, is contained in the gold's first word, or
 * contains it. An empty output is "(", which every gold contains.
 *
 * @see OpenGVLab/Ask-Anything@4dd8210 video_chat2/mvbench.ipynb `check_ans`, `qa_template`
 */
export const mvbench: BenchmarkScorer = { read, aggregate };

function read({ gold, options }: BenchmarkItem, output: string): Reading {
  const answer = options[gold.charCodeAt(0) - 65] ?? "";
  if (answer === "") return { score: null, status: "error:IndexError" };
  const truth = `(${letterAt(options.lastIndexOf(answer))})`.toLowerCase();
  const extracted = `(${strip(output).split("\n")[0]!}`.toLowerCase().split(" ")[0]!;
  const isRight = truth.includes(extracted.replaceAll(".", "")) || extracted.includes(truth);
  return { score: isRight ? 1 : 0, extracted };
}

/** Percentages by task, and of all items. */
function aggregate(items: readonly BenchmarkItem[], readings: readonly Reading[]): Record<string, unknown> {
  const tasks = new Map<string, { correct: number; total: number }>();
  const all = { correct: 0, total: 0 };
  for (const [i, { groups }] of items.entries()) {
    const task = tasks.get(groups.task ?? "") ?? { correct: 0, total: 0 };
    tasks.set(groups.task ?? "", task);
    for (const count of [task, all]) {
      count.correct += readings[i]!.score ?? 0;
      count.total++;
    }
  }
  const results = [...tasks].map(([name, { correct, total }]) => [name, (correct / total) * 100] as const);
  return all.total === 0
    ? { error: "ZeroDivisionError" }
    : { ...Object.fromEntries(results), Avg: (all.correct / all.total) * 100 };
}
