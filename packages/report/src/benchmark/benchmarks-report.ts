import type { TableOptions } from "@videor1/cli";
import { type Benchmark, benchmarkNames, benchmarks } from "@videor1/eval";
import type { BenchSummary } from "@videor1/runs";
import { reservations } from "./comparability.ts";
import { type Evaluated, evaluated, framesOf, titleOf } from "./evaluated.ts";
import { type ReportTable, tableText } from "./tables/report-table.ts";

/** A row of the combined table: a model's scores in percent, by benchmark. */
interface Row {
  model: string;
  frames: number | null;
  source: string;
  cells: Map<string, string>;
}

/**
 * Evaluations on several benchmarks as one table beside the paper's Tables 1 and 2: a column a benchmark, a row a model; a
 * cell that nobody reports is empty.
 *
 * @throws {RunFileError} If a summary is not of a benchmark.
 */
export function benchmarksReport(
  summaries: readonly BenchSummary[],
  { format = "plain" }: { format?: NonNullable<TableOptions["format"]> } = {},
): string {
  const title = "Beside the paper's Tables 1 and 2";
  const heading = format === "markdown" ? `## ${title}` : title;
  return `${heading}\n\n${tableText(combinedTable(summaries.map(evaluated)), format)}\n`;
}

/** The combined table, ours below; numbers in brackets name why one of ours is not comparable. */
export function combinedTable(summaries: readonly Evaluated[]): ReportTable {
  const asked = new Set(summaries.map((summary) => summary.benchmark ?? summary.name));
  const known = benchmarkNames.filter((name) => asked.has(name));
  const columns = [...known, ...[...asked].filter((name) => !(name in benchmarks))];
  const published = publishedRows(known.map((name) => benchmarks[name]));
  const { rows, about } = ownRows(summaries);
  const cells = ({ model, frames, source, cells }: Row) => [
    model,
    frames === null ? "" : String(frames),
    ...columns.map((column) => cells.get(column) ?? ""),
    source,
  ];
  return {
    title: "Beside the paper's Tables 1 and 2",
    header: [
      "model",
      "frames",
      ...columns.map((name) => titleOf(summaries.find((of) => (of.benchmark ?? of.name) === name)!)),
      "source",
    ],
    rows: published.map(cells),
    totals: rows.map(cells),
    left: [0, columns.length + 2],
    about,
  };
}

/** Published rows with a score in one of the benchmarks; those with the same number of frames are neighbours. */
function publishedRows(of: readonly Benchmark[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { name, published } of of)
    for (const { model, frames, percent, of: part, ...rest } of published) {
      const source = part === undefined ? rest.source : `${rest.source}, ${part}`;
      const key = JSON.stringify([model, frames, source]);
      const row = rows.get(key) ?? { model, frames, source, cells: new Map() };
      row.cells.set(name, percent.toFixed(1));
      rows.set(key, row);
    }
  return [...rows.values()].sort((a, b) => (a.frames ?? 0) - (b.frames ?? 0));
}

function ownRows(summaries: readonly Evaluated[]): { rows: Row[]; about: string[] } {
  const rows: Row[] = [];
  const notes = new Map<string, number>();
  for (const summary of summaries) {
    const { model, evaluation } = summary;
    const frames = framesOf(summary);
    const column = summary.benchmark ?? summary.name;
    const marks = reservations(summary).map((reason) => {
      if (!notes.has(reason)) notes.set(reason, notes.size + 1);
      return notes.get(reason)!;
    });
    const score = (100 * evaluation.headline.value).toFixed(1);
    const cell = marks.length === 0 ? score : `${score} (${marks.sort((a, b) => a - b).join(",")})`;
    const row = rows.find((of) => of.model === model && of.frames === frames && !of.cells.has(column));
    if (row) row.cells.set(column, cell);
    else rows.push({ model, frames, source: "this evaluation", cells: new Map([[column, cell]]) });
  }
  return { rows, about: [...notes].map(([reason, note]) => `(${note}) ${reason}`) };
}
