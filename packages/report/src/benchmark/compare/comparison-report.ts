import type { TableOptions } from "@videor1/cli";
import { titleOf } from "../evaluated.ts";
import { tableText } from "../tables/report-table.ts";
import type { RunComparison } from "./compare-runs.ts";
import { comparedNames, comparisonTables } from "./comparison-tables.ts";

/** A comparison as text for a terminal or a document. */
export function comparisonReport(
  comparison: RunComparison,
  { format = "plain" }: { format?: NonNullable<TableOptions["format"]> } = {},
): string {
  const title = comparisonTitle(comparison);
  const tables = comparisonTables(comparison).map((table) => tableText(table, format));
  return `${[format === "markdown" ? `## ${title}` : title, ...tables].join("\n\n")}\n`;
}

/** "VSI-Bench: after against before". */
export function comparisonTitle(comparison: RunComparison): string {
  const [first, second] = comparedNames(comparison);
  return `${titleOf(comparison.before)}: ${second} against ${first}`;
}
