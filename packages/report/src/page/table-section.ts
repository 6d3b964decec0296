import { percent } from "@videor1/cli";
import { directionOf, type Estimate } from "@videor1/statistics";
import type { TaskRow, TaskTable } from "../tables/task-table.ts";
import { points } from "../words/format.ts";
import { armKey, armStyle, directionClass } from "./arms.ts";
import { html, type Markup } from "./html.ts";

/** The section of the scores by task: after SFT, after every arm, their differences, and the order gap. */
export function tableSection(table: TaskTable, heldBack: string | undefined): Markup {
  const { models, unpaired } = table;
  const left = unpaired > 0 ? html` Left out because not every model was asked: ${unpaired}.` : html``;
  const arms = models.slice(1);
  const [first, ...others] = arms;
  const comparisons = [...arms.map((arm) => `${arm} − ${models[0]}`), ...others.map((arm) => `${arm} − ${first}`)];
  return html`<section id="tasks" aria-labelledby="tasks-title">
<h2 id="tasks-title">Scores by task</h2>
<p class="note">Mean score in percent on held-back questions${heldBack === undefined ? "" : `, ${heldBack},`} with its 95 % interval.${left}</p>
${taskTable(
  "tasks-title",
  table,
  [
    html`<td class="range-head"><span>0</span><span>50</span><span>100</span></td>`,
    ...models.map((model, i) => head(armKey(i - 1, model))),
  ],
  (row) => [
    range(row.scores),
    ...row.scores.map((score) => number(percent(score.mean), `${percent(score.low)} to ${percent(score.high)}`)),
  ],
)}
<h3 id="differences-title">Differences</h3>
<p class="note">In points, paired by question, with 95 % intervals; coloured where the interval leaves zero out.</p>
${taskTable(
  "differences-title",
  table,
  comparisons.map((text) => head(html`${text}`)),
  ({ changes, differences }) => [...changes, ...differences].map(signed),
)}
<h3 id="order-title">Order gap</h3>
<p class="note">The score with the frames in order minus the score with the same frames shuffled, in points, paired by question.</p>
${taskTable(
  "order-title",
  table,
  models.map((model, i) => head(armKey(i - 1, model))),
  ({ orderGaps }) => orderGaps.map((gap) => (gap ? signed(gap) : html`<td class="number">–</td>`)),
)}
</section>`;
}

const head = (content: Markup): Markup => html`<th scope="col" class="number">${content}</th>`;

const number = (text: string, interval: string, className = ""): Markup =>
  html`<td class="number ${className}">${text} <small>${interval}</small></td>`;

function signed(difference: Estimate): Markup {
  const { mean, low, high } = difference;
  return number(points(mean), `${points(low)} to ${points(high)}`, directionClass[directionOf(difference)]);
}

/** A dot and an interval for each model, one above the other. */
function range(scores: readonly Estimate[]): Markup {
  const marks = scores.map(
    ({ mean, low, high }, i) => html`<i style="${armStyle(i - 1)};--low:${low};--at:${mean};--high:${high}"></i>`,
  );
  return html`<td class="range" aria-hidden="true">${marks}</td>`;
}

function taskTable(
  title: string,
  { rows, totals }: TaskTable,
  columns: readonly Markup[],
  cells: (row: TaskRow) => readonly Markup[],
): Markup {
  const tableRow = (row: TaskRow) => {
    const about = row.problemType && `${row.problemType}${row.temporal ? " · temporal" : ""}`;
    return html`<tr><th scope="row">${row.task}${about ? html` <small>${about}</small>` : html``}</th><td class="number">${row.n}</td>${cells(row)}</tr>`;
  };
  const bodies = [true, false, null].map((temporal) => rows.filter((row) => row.temporal === temporal));
  return html`<div class="scroll" role="region" aria-labelledby="${title}" tabindex="0">
<table class="tasks">
<thead><tr><th scope="col">Task</th><th scope="col" class="number">n</th>${columns}</tr></thead>
${bodies.map((of) => (of.length === 0 ? html`` : html`<tbody>${of.map(tableRow)}</tbody>`))}
<tfoot>${totals.map(tableRow)}</tfoot>
</table>
</div>`;
}
