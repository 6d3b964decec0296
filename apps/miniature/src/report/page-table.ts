import { percent, points } from "./format.ts";
import { html, type Markup } from "./html.ts";
import type { TaskRow, TaskTable } from "./task-table.ts";

/** The section of the scores by task. */
export function tableSection({ models, rows, totals, unpaired }: TaskTable): Markup {
  const left = unpaired > 0 ? html` Left out because not every model was asked: ${unpaired}.` : html``;
  return html`<section id="tasks" aria-labelledby="tasks-title">
<h2 id="tasks-title">Before and after, by task</h2>
<p class="note">Mean score in percent on held-back questions, whose border carries no information. The difference is paired by question, with its 95 % interval. Order gap: the score with the frames in order minus the score with the same frames shuffled.${left}</p>
<div class="scroll" role="region" aria-labelledby="tasks-title" tabindex="0">
<table class="tasks">
<thead>
<tr><th scope="col" rowspan="2">Task</th><th scope="col" rowspan="2" class="number">n</th>
<th scope="colgroup" colspan="${models.length}" class="group"><span>Score</span></th><td rowspan="2" class="range-head"><span>0</span><span>50</span><span>100</span></td>
<th scope="col" rowspan="2" class="number">Difference</th>
<th scope="colgroup" colspan="${models.length}" class="group"><span>Order gap</span></th></tr>
<tr>${[...models, ...models].map((model) => html`<th scope="col" class="number">${model}</th>`)}</tr>
</thead>
${[true, false].map((temporal) => body(rows.filter((row) => row.temporal === temporal)))}
<tfoot>${totals.map(tableRow)}</tfoot>
</table>
</div>
</section>`;
}

const body = (rows: readonly TaskRow[]): Markup =>
  rows.length === 0 ? html`` : html`<tbody>${rows.map(tableRow)}</tbody>`;

function tableRow({ task, problemType, temporal, n, scores, difference, orderGaps }: TaskRow): Markup {
  const { value, low, high } = difference;
  const sure = low > 0 ? "up" : high < 0 ? "down" : "open";
  const about = problemType && `${problemType}${temporal ? " · temporal" : ""}`;
  return html`<tr>
<th scope="row">${task}${about ? html` <small>${about}</small>` : html``}</th><td class="number">${n}</td>
${scores.map((score, i) => html`<td class="number ${i === scores.length - 1 ? "after" : "before"}">${percent(score)}</td>`)}
<td class="range" aria-hidden="true"><i style="--from:${scores[0]!};--to:${scores.at(-1)!}"></i></td>
<td class="number difference ${sure}">${points(value)} <small>${points(low)} to ${points(high)}</small></td>
${orderGaps.map((gap) => html`<td class="number">${gap === null ? "–" : points(gap)}</td>`)}
</tr>`;
}
