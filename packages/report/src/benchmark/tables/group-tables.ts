import { percentInterval } from "../../words/format.ts";
import type { Evaluated } from "../evaluated.ts";
import type { ReportTable } from "./report-table.ts";

/** Scores by the main scorer, a table a dimension: by task first. */
export function groupTables({ evaluation }: Evaluated): ReportTable[] {
  const dimensions = Object.keys(evaluation.groups).sort((a, b) => Number(b === "task") - Number(a === "task"));
  return dimensions.map((dimension) => ({
    title: `By ${dimension}`,
    header: [dimension, "n", "score"],
    rows: evaluation.groups[dimension]!.map(({ name, estimate }) => [
      name,
      String(estimate.n),
      percentInterval(estimate),
    ]),
    ranges: { columns: [2], rows: evaluation.groups[dimension]!.map(({ estimate }) => [estimate]) },
  }));
}
