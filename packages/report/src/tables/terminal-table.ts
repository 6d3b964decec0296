import { percent, renderTable } from "@videor1/cli";
import { points, pointsInterval } from "../words/format.ts";
import { mainRow, type TaskRow, type TaskTable } from "./task-table.ts";

/** The task table as plain text: aligned columns, no colour, one line a row. */
export function terminalTable(table: TaskTable): string {
  const { models, rows, totals, unpaired } = table;
  const [sft, first, ...others] = models;
  const header = ["task", "type", "n", ...models, `${first} − ${sft}`, ...others.map((arm) => `${arm} − ${first}`)];
  const notes = ["Scores in %; differences in points with 95 % intervals, paired by question."];
  const { task, orderGaps } = mainRow(table);
  const gaps = orderGaps.flatMap((gap, i) => (gap ? [`${models[i]} ${points(gap.mean)}`] : []));
  if (gaps.length > 0) notes.push(`Order gap on the ${task}, frames in order minus shuffled: ${gaps.join(", ")}.`);
  if (unpaired > 0) notes.push(`Left out because not every model was asked: ${unpaired}.`);
  return [renderTable(header, rows.map(cells), { left: [0, 1], totals: totals.map(cells) }), ...notes].join("\n");
}

function cells({ task, problemType, temporal, n, scores, changes, differences }: TaskRow): string[] {
  return [
    task,
    problemType && `${problemType}${temporal ? ", temporal" : ""}`,
    String(n),
    ...scores.map(({ mean }) => percent(mean)),
    ...[changes[0]!, ...differences].map(pointsInterval),
  ];
}
