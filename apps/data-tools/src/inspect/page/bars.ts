import type { Count } from "@videor1/curation";
import { html, type Markup } from "./html.ts";

/** Counts as a table with a bar in each row. */
export function bars(title: string, counts: readonly Count[]): Markup {
  const sum = counts.reduce((all, { records }) => all + records, 0);
  const highest = Math.max(1, ...counts.map(({ records }) => records));
  const rows = counts.map(
    ({ name, records }) => html`<tr><th scope="row">${name || "none"}</th>
<td class="bar"><span style="width:${((100 * records) / highest).toFixed(1)}%"></span></td><td>${records.toLocaleString("en")}</td><td>${((100 * records) / sum).toFixed(1)}%</td></tr>`,
  );
  return html`<table class="bars"><caption>${title}</caption><tbody>${rows}</tbody></table>`;
}
