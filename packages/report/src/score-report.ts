import { percent, renderTable, type TableOptions } from "@videor1/cli";
import type { Benchmark, Grading, ScoreRow, Summary } from "@videor1/eval";
import { publishedTable } from "./benchmark/tables/published-table.ts";
import { tableText } from "./benchmark/tables/report-table.ts";
import { percentInterval } from "./words/format.ts";

export interface ScoreReportOptions {
  /** Default "plain". */
  format?: TableOptions["format"];
  title: string;
  /** The rules the records were graded by; it names the regression column. Default `"video-r1"`. */
  grading?: Grading;
  /** Adds the published scores of a benchmark below. */
  benchmark?: Benchmark;
}

/** A summary as text: the score, then tables by problem type and by task, in percent with 95 % Wilson intervals. */
export function scoreReport(
  summary: Summary,
  { format = "plain", title, grading, benchmark }: ScoreReportOptions,
): string {
  const { overall, types, tasks, score, taskMean } = summary;
  const regression = grading === "training" || grading === "safe" ? "closeness" : "MRA";
  const table = (name: string, rows: readonly ScoreRow[]) =>
    renderTable([name, "n", "failed", "accuracy", regression], rows.map(cellsOf), { format });
  const sections = [
    format === "markdown" ? `## ${title}` : title,
    `score ${percent(score)}, mean over tasks ${percent(taskMean)}, ${overall.n} records, ${overall.failed} failed`,
    table("problem type", [...types, overall]),
    table("task", tasks),
  ];
  if (benchmark !== undefined) sections.push(tableText(publishedTable(benchmark), format));
  return `${sections.join("\n\n")}\n`;
}

const cell = (value: ScoreRow["accuracy"]): string => (value === undefined ? "" : percentInterval(value));

function cellsOf({ name, n, failed, accuracy, regression }: ScoreRow): string[] {
  return [name, String(n), String(failed), cell(accuracy), cell(regression)];
}
