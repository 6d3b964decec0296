import { percent, points } from "./format.ts";
import type { TaskRow, TaskTable } from "./task-table.ts";

/** The task table as plain text: aligned columns, no colour, one line a row. */
export function terminalTable({ models, rows, totals, unpaired }: TaskTable): string {
  const header = ["task", "type", "n", ...models, "difference (95 %)", ...models.map((model) => `${model}: order gap`)];
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
  const notes = ["Scores in %, gaps in points: frames in order minus shuffled, same questions."];
  if (unpaired > 0) notes.push(`Left out because not every model was asked: ${unpaired}.`);
  return [...text, ...notes].join("\n");
}

function cells({ task, problemType, temporal, n, scores, difference, orderGaps }: TaskRow): string[] {
  return [
    task,
    problemType && `${problemType}${temporal ? ", temporal" : ""}`,
    String(n),
    ...scores.map(percent),
    `${points(difference.value)} [${points(difference.low)}, ${points(difference.high)}]`,
    ...orderGaps.map((gap) => (gap === null ? "–" : points(gap))),
  ];
}
