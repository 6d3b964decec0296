import { percent, type TableOptions } from "@videor1/cli";
import { type BenchSummary, type ItemOutcome, itemOutcomes } from "@videor1/runs";
import { integer, inWords } from "../words/format.ts";
import { reservations } from "./comparability.ts";
import { benchmarkOf, type Evaluated, evaluated, framesOf, titleOf } from "./evaluated.ts";
import { groupTables } from "./tables/group-tables.ts";
import { publishedTable } from "./tables/published-table.ts";
import { relianceTable } from "./tables/reliance-table.ts";
import { type ReportTable, tableText } from "./tables/report-table.ts";
import { scorerTable } from "./tables/scorer-table.ts";
import { settingsTable, traitsTable } from "./tables/settings-table.ts";

export interface BenchmarkReportOptions {
  /** Default "plain". */
  format?: NonNullable<TableOptions["format"]>;
}

/**
 * An evaluation on a benchmark as text: its number, how the items ended, what each scorer makes of the outputs, scores by
 * task and other groups, temporal reliance, settings, and the published scores beside it.
 *
 * @throws {RunFileError} If the summary is not of a benchmark.
 */
export function benchmarkReport(summary: BenchSummary, { format = "plain" }: BenchmarkReportOptions = {}): string {
  const of = evaluated(summary);
  const title = `${titleOf(of)}: ${of.model}`;
  const sections = [
    format === "markdown" ? `## ${title}` : title,
    [headlineText(of), outcomesText(of)].join(format === "markdown" ? "\n\n" : "\n"),
    ...evaluationTables(of).map((table) => tableText(table, format)),
  ];
  return `${sections.join("\n\n")}\n`;
}

/** "37.1 [35.2, 39.0] % by scorer safe, mean of eight tasks". */
export function headlineText({ evaluation: { headline, mainScorer } }: Evaluated): string {
  const { name, value, interval } = headline;
  const range = interval === undefined ? "" : ` [${percent(interval.low)}, ${percent(interval.high)}]`;
  return `score ${percent(value)}${range} %, ${name}, by the scorer ${mainScorer}`;
}

const outcomeWords: Record<ItemOutcome, string> = {
  scored: "scored",
  unparsed: "unparsed",
  unjudged: "unjudged",
  "missing-media": "without their media",
  "engine-error": "engine errors",
};

/** How the items ended. */
export function outcomesText({ evaluation: { outcomes } }: Evaluated): string {
  const total = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const parts = itemOutcomes.map((outcome) => `${integer(outcomes[outcome] ?? 0)} ${outcomeWords[outcome]}`);
  return `${integer(total)} items, all in the denominator: ${inWords(parts)}`;
}

/** Every table of the report, in its order. */
export function evaluationTables(summary: Evaluated): ReportTable[] {
  const benchmark = benchmarkOf(summary);
  const tables = [
    scorerTable(summary),
    ...groupTables(summary),
    relianceTable(summary),
    traitsTable(summary),
    settingsTable(summary),
  ];
  if (benchmark !== undefined && benchmark.published.length > 0) tables.push(besidePublished(summary, benchmark));
  return tables.filter((table) => table !== undefined);
}

function besidePublished(summary: Evaluated, benchmark: NonNullable<ReturnType<typeof benchmarkOf>>): ReportTable {
  const { model, evaluation } = summary;
  const reasons = reservations(summary);
  const about = reasons.length === 0 ? [] : [`Ours is not to be compared as it stands: ${reasons.join("; ")}.`];
  const own = { model, frames: framesOf(summary), percent: 100 * evaluation.headline.value, source: "this evaluation" };
  return { ...publishedTable(benchmark, own), about };
}
