import type { GradedPrediction } from "./grade.ts";
import { groups, mean } from "./summarize.ts";
import { percent, renderTable, type TableFormat } from "./table.ts";

/** Mean scores of the same problems before and after, and their paired difference. */
export interface PairedDifference {
  name: string;
  /** Problems in both runs. */
  n: number;
  before: number;
  after: number;
  /** after - before. */
  difference: number;
  /** sd(d) / √n of the problems' differences d, sd with n - 1; absent for one problem. */
  standardError?: number;
  /** Problems whose score rose and fell. */
  better: number;
  worse: number;
}

export interface Comparison {
  overall: PairedDifference;
  types: PairedDifference[];
  tasks: PairedDifference[];
  /** Problems that only one of the runs holds; they count nowhere else. */
  unpaired: number;
}

interface Pair {
  problemType: string;
  task: string;
  before: number;
  after: number;
}

/**
 * Two runs over the same problems, matched by id. The standard error is that of the mean of the paired differences, which
 * is smaller than that of the difference of two means where the runs are right about the same problems.
 *
 * @throws {RangeError} If the runs share no problem.
 */
export function compareRuns(before: readonly GradedPrediction[], after: readonly GradedPrediction[]): Comparison {
  const earlier = new Map(before.map(({ problemId, score }) => [problemId, score]));
  const pairs = after.flatMap(({ problemId, problemType, task, score }): Pair[] => {
    const was = earlier.get(problemId);
    return was === undefined ? [] : [{ problemType, task, before: was, after: score }];
  });
  if (pairs.length === 0) throw new RangeError("compareRuns: the two runs must share at least one problem");
  return {
    overall: pairedDifference("all", pairs),
    types: groups(pairs, ({ problemType }) => problemType).map(([name, group]) => pairedDifference(name, group)),
    tasks: groups(pairs, ({ task }) => task).map(([name, group]) => pairedDifference(name, group)),
    unpaired: before.length + after.length - 2 * pairs.length,
  };
}

function pairedDifference(name: string, pairs: readonly Pair[]): PairedDifference {
  const n = pairs.length;
  const differences = pairs.map(({ before, after }) => after - before);
  const difference = mean(differences);
  const squares = differences.reduce((sum, d) => sum + (d - difference) ** 2, 0);
  return {
    name,
    n,
    before: mean(pairs.map(({ before }) => before)),
    after: mean(pairs.map(({ after }) => after)),
    difference,
    ...(n > 1 && { standardError: Math.sqrt(squares / (n - 1) / n) }),
    better: differences.filter((d) => d > 0).length,
    worse: differences.filter((d) => d < 0).length,
  };
}

/** A comparison as a table by problem type and by task, in percent; the difference with its standard error. */
export function formatComparison({ overall, types, tasks, unpaired }: Comparison, format: TableFormat): string {
  const table = (name: string, rows: readonly PairedDifference[]) =>
    renderTable([name, "n", "before", "after", "difference", "better", "worse"], rows.map(cellsOf), format);
  const sections = [table("problem type", [...types, overall]), table("task", tasks)];
  if (unpaired > 0) sections.push(`In one run only, not compared: ${unpaired}.`);
  return `${sections.join("\n\n")}\n`;
}

function cellsOf({ name, n, before, after, difference, standardError, better, worse }: PairedDifference): string[] {
  const signed = `${difference < 0 ? "" : "+"}${percent(difference)}`;
  return [
    name,
    String(n),
    percent(before),
    percent(after),
    standardError === undefined ? signed : `${signed} ± ${percent(standardError)}`,
    String(better),
    String(worse),
  ];
}
