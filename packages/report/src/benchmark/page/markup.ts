import type { Estimate } from "@videor1/statistics";
import { armKey, armStyle } from "../../page/arms.ts";
import { html, type Markup } from "../../page/html.ts";
import type { ReportTable } from "../tables/report-table.ts";

/** A table of the report with its heading and sentences. Its intervals are drawn where it has some. */
export function tableMarkup(table: ReportTable, id: string): Markup {
  const { title, header, rows, totals = [], left = [0], about = [], ranges } = table;
  const align = (column: number) => (left.includes(column) ? "" : "number");
  const rowOf = (cells: readonly string[], estimates: readonly Estimate[] | undefined) =>
    html`<tr>${cells.map((text, column) =>
      column === 0 ? html`<th scope="row">${text}</th>` : html`<td class="${align(column)}">${text}</td>`,
    )}${ranges ? rangeCell(estimates ?? []) : html``}</tr>`;
  const head = header.map((text, column) => {
    const at = ranges?.columns.indexOf(column) ?? -1;
    const several = ranges !== undefined && ranges.columns.length > 1;
    return html`<th scope="col" class="${align(column)}">${at >= 0 && several ? armKey(at, text) : text}</th>`;
  });
  return html`<h3 id="${id}">${title}</h3>
<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0">
<table class="tasks">
<thead><tr>${head}${ranges ? rangeHead : html``}</tr></thead>
<tbody>${rows.map((cells, i) => rowOf(cells, ranges?.rows[i]))}</tbody>
${totals.length > 0 ? html`<tfoot>${totals.map((cells) => rowOf(cells, undefined))}</tfoot>` : html``}
</table>
</div>
${about.map((text) => html`<p class="note">${text}</p>\n`)}`;
}

const rangeHead = html`<td class="range-head"><span>0</span><span>50</span><span>100</span></td>`;

/** A dot and an interval for each estimate, one above the other. */
const rangeCell = (estimates: readonly Estimate[]): Markup =>
  html`<td class="range" aria-hidden="true">${estimates.map(
    ({ mean, low, high }, i) => html`<i style="${armStyle(i)};--low:${low};--at:${mean};--high:${high}"></i>`,
  )}</td>`;
