import { renderTable, type TableOptions } from "@videor1/cli";
import type { Estimate } from "@videor1/statistics";

/** A table of the report of a benchmark, for a terminal, a document and the page alike. */
export interface ReportTable {
  /** What the page heads it with. */
  title: string;
  header: readonly string[];
  rows: readonly (readonly string[])[];
  /** Rows below a second rule. */
  totals?: readonly (readonly string[])[];
  /** Indices of left-aligned columns; default the first alone. */
  left?: readonly number[];
  /** Shares that the page draws beside each row as dots with intervals, and the columns that say them in words. */
  ranges?: { columns: readonly number[]; rows: readonly (readonly Estimate[])[] };
  /** Sentences below it. */
  about?: readonly string[];
}

/** The table and its sentences as text; a sentence a line, in Markdown a list. */
export function tableText(table: ReportTable, format: NonNullable<TableOptions["format"]>): string {
  const { header, rows, totals = [], left = [0], about = [] } = table;
  const text = rows.length + totals.length > 0 ? [renderTable(header, rows, { format, left, totals })] : [];
  if (about.length > 0) text.push(sentences(about, format));
  return text.join(format === "markdown" ? "\n\n" : "\n");
}

const sentences = (lines: readonly string[], format: NonNullable<TableOptions["format"]>): string =>
  lines.map((line) => (format === "markdown" ? `- ${line}` : line)).join("\n");
