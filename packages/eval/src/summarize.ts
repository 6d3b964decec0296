import type { ScoreRow, ScoreSummary } from "@videor1/runs";
import { estimateMean, groupBy, mean } from "@videor1/statistics";
import type { BenchmarkMetric } from "./benchmark.ts";
import type { GradedPrediction } from "./grade.ts";

export type { ScoreRow };

/** Scores of a benchmark as a whole, by problem type and by task. A failed record counts as wrong. */
export type Summary = ScoreSummary;

/**
 * Means with 95 % intervals over all records, by problem type and by task.
 *
 * The score is mean accuracy, or for VSI-Bench (mean accuracy + mean relative accuracy) / 2, where a part without records
 * is 0, as in the original. The official VSI-Bench score is a mean over tasks instead, the three difficulties of relative
 * direction being one, the mean of their means: compare with `taskMean`. It also reads answers that this one does not (`B. chair`, `3 chairs`).
 *
 * @throws {RangeError} If there is no record.
 * @see tulerfeng/Video-R1@59d65c3 src/eval_bench.py `final_acc`; issue #121 for the VSI-Bench score
 */
export function summarize(
  graded: readonly GradedPrediction[],
  { metric = "accuracy" }: { metric?: BenchmarkMetric } = {},
): Summary {
  if (graded.length === 0) throw new RangeError("summarize: there must be at least one record");
  const overall = scoreRow("all", graded);
  const tasks = groupBy(graded, ({ task }) => task);
  const accuracy = overall.accuracy?.mean ?? 0;
  const regression = overall.regression?.mean ?? 0;
  return {
    overall,
    types: [...groupBy(graded, ({ problemType }) => problemType)].map(([name, rows]) => scoreRow(name, rows)),
    tasks: [...tasks].map(([name, rows]) => scoreRow(name, rows)),
    taskMean: meanOfTasks(tasks),
    score: metric === "accuracy" ? accuracy : (accuracy + regression) / 2,
  };
}

/** VSI-Bench's one task in three difficulties. */
const relativeDirection = /^(object_rel_direction)_(?:easy|medium|hard)$/;

/** Mean over tasks of their mean scores. Difficulties of one task are averaged first. */
function meanOfTasks(tasks: ReadonlyMap<string, readonly GradedPrediction[]>): number {
  const scores = [...tasks].map(([name, rows]) => ({
    task: relativeDirection.exec(name)?.[1] ?? name,
    score: mean(rows.map(({ score }) => score)),
  }));
  return mean([...groupBy(scores, ({ task }) => task).values()].map((parts) => mean(parts.map(({ score }) => score))));
}

function scoreRow(name: string, rows: readonly GradedPrediction[]): ScoreRow {
  const scores = (regression: boolean) =>
    rows.filter(({ problemType }) => (problemType === "regression") === regression).map(({ score }) => score);
  const accuracy = estimateMean(scores(false));
  const regression = estimateMean(scores(true));
  const failed = rows.filter(({ status }) => status === "failed").length;
  return { name, n: rows.length, failed, ...(accuracy && { accuracy }), ...(regression && { regression }) };
}
