import type { LedgerReason, LedgerView } from "../tables/ledger-view.ts";
import { integer } from "../words/format.ts";
import { html, type Markup } from "./html.ts";

/** The section on the records that were drawn, by how each ended. */
export const ledgerSection = (
  ledger: readonly LedgerView[],
): Markup => html`<section id="ledger" aria-labelledby="ledger-title">
<h2 id="ledger-title">Ledger</h2>
<p class="note">Every record that was drawn ends once: trained, skipped or failed.</p>
<div class="scroll" role="region" aria-labelledby="ledger-title" tabindex="0">
<table class="tasks">
<thead><tr><th scope="col">Stage</th>${["Drawn", "Trained", "Skipped", "Failed"].map((text) => html`<th scope="col" class="number">${text}</th>`)}</tr></thead>
<tbody>${ledger.map(
  ({ name, trained, skipped, failed }) =>
    html`<tr><th scope="row">${name}</th>${[trained + skipped + failed, trained, skipped, failed].map((count) => html`<td class="number">${integer(count)}</td>`)}</tr>`,
)}</tbody>
</table>
</div>
${ledger.flatMap(({ name, reasons }) => reasons.map((reason) => detail(name, reason)))}
</section>`;

const detail = (name: string, { code, outcome, meaning, count, examples }: LedgerReason): Markup =>
  html`<details class="config"><summary>${name}: ${integer(count)} ${outcome}, ${meaning} (${code})</summary>
<ul>${examples.map(({ step, problemId, reason }) => html`<li>step ${step}, record ${problemId}: ${reason}</li>`)}</ul>
</details>`;
