import { directionOf, type Sample } from "@videor1/statistics";
import type { EndRow } from "../curves/end-table.ts";
import { inUnit, signedInUnit, type Unit } from "../shared/units.ts";
import type { Summary } from "../summarise.ts";
import { armKey, directionClass } from "./arms.ts";
import { html, type Markup } from "./html.ts";

/** The section on the ends of the curves, for arms of several runs. */
export function endSection({ ends, arms }: Pick<Summary, "ends" | "arms">): Markup {
  if (!arms.some(({ runs }) => runs > 1)) return html``;
  const [first, ...others] = arms;
  const names = arms.map(({ name, runs }, arm) => html`${armKey(arm, name)} <small>n = ${runs}</small>`);
  const pairs = others.map(({ name }) => html`${name} − ${first!.name}`);
  return html`<section id="ends" aria-labelledby="ends-title">
<h2 id="ends-title">At the end of training</h2>
<p class="note">Mean of the last tenth of the steps, over the runs of an arm, on the questions of the training, with its 95 % interval (Student’s t).</p>
${endsTable("ends-title", names, ends, ({ ends, unit }) => ends.map((end) => cell(end, unit, inUnit)))}
${
  pairs.length === 0
    ? html``
    : html`<h3 id="pairs-title">Differences, seed by seed</h3>
<p class="note">Over the seeds that both arms have; coloured where the 95 % interval leaves zero out.</p>
${endsTable("pairs-title", pairs, ends, ({ differences, unit }) => differences.map((difference) => cell(difference, unit, signedInUnit)))}`
}
</section>`;
}

function endsTable(
  title: string,
  heads: readonly Markup[],
  rows: readonly EndRow[],
  cells: (row: EndRow) => readonly Markup[],
): Markup {
  return html`<div class="scroll" role="region" aria-labelledby="${title}" tabindex="0">
<table class="tasks">
<thead><tr><th scope="col">Curve</th>${heads.map((head) => html`<th scope="col" class="number">${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr><th scope="row">${row.title}</th>${cells(row)}</tr>`)}</tbody>
</table>
</div>`;
}

function cell(sample: Sample | null, unit: Unit, text: (value: number, unit: Unit) => string): Markup {
  if (!sample) return html`<td class="number">–</td>`;
  const { mean, low, high } = sample;
  if (low === null || high === null) return html`<td class="number">${text(mean, unit)}</td>`;
  const sure = text === signedInUnit ? directionClass[directionOf({ low, high })] : "";
  return html`<td class="number ${sure}">${text(mean, unit)} <small>${text(low, unit)} to ${text(high, unit)}</small></td>`;
}
