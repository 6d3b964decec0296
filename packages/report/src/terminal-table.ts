import type { Estimate } from "@videor1/statistics";

import { percent, points } from "./format.ts";
import { mainRow, type TaskRow, type TaskTable } from "./task-table.ts";

/** The task table as plain text: aligned columns, no colour, one line a row. */
export function terminalTable(table: TaskTable): string {
  const { models, rows, totals, unpaired } = table;
  const [sft, first, ...others] = models;
  const header = ["task", "type", "n", ...models, `${first} − ${sft}`, ...others.map((arm) => `${arm} − ${first}`)];
  const lines = [header, ...rows.map(cells), ...totals.map(cells)];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const text = lines.map((line) =>
    line
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
  const rule = "─".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  text.splice(rows.length + 1, 0, rule);
  text.splice(1, 0, rule);
  const notes = ["Scores in %; differences in points with 95 % intervals, paired by question."];
  const { task, orderGaps } = mainRow(table);
  const gaps = orderGaps.flatMap((gap, i) => (gap ? [`${models[i]} ${points(gap.value)}`] : []));
  if (gaps.length > 0) notes.push(`Order gap on the ${task}, frames in order minus shuffled: ${gaps.join(", ")}.`);
  if (unpaired > 0) notes.push(`Left out because not every model was asked: ${unpaired}.`);
  return [...text, ...notes].join("\n");
}

function cells({ task, problemType, temporal, n, scores, changes, differences }: TaskRow): string[] {
  return [
    task,
    problemType && `${problemType}${temporal ? ", temporal" : ""}`,
    String(n),
    ...scores.map(({ value }) => percent(value)),
    ...[changes[0]!, ...differences].map(withInterval),
  ];
}

const withInterval = ({ value, low, high }: Estimate): string => `${points(value)} [${points(low)}, ${points(high)}]`;
