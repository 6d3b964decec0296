import type { ClientBundle } from "../bundle-client.ts";
import type { ReportData } from "../report-data.ts";
import type { Figure } from "../words/figures.ts";
import { armKey, armStyle } from "./arms.ts";
import { curveSection } from "./curve-section.ts";
import { endSection } from "./end-section.ts";
import { html, type Markup } from "./html.ts";
import { htmlDocument } from "./html-document.ts";
import { ledgerSection } from "./ledger-section.ts";
import { rolloutSection } from "./rollout-section.ts";
import { tableSection } from "./table-section.ts";
import { caveatSection, readingSection } from "./text-sections.ts";

export interface PageParts extends ClientBundle {
  /** The resolved config of SFT and of each arm, by name. */
  configs: Readonly<Record<string, string>>;
}

/** The whole page as one HTML file, with its data as JSON in `<script id="data">`. */
export function renderPage(data: ReportData, { configs, script, style }: PageParts): string {
  const body = html`${header(data)}
${ranSection(data, configs)}
${curveSection(data)}
${endSection(data)}
${data.table ? tableSection(data.table, data.notes.heldBack) : html``}
${rolloutSection(data)}
${ledgerSection(data.ledger)}
${readingSection(data)}
${caveatSection(data)}`;
  return htmlDocument({ body, data, skip: { to: "rollouts", text: "Skip to the rollouts" }, script, style });
}

function header({ title, headline, figures, findings, arms }: ReportData): Markup {
  const row = (
    { arm, before, after }: Figure["rows"][number],
    unit: string,
  ) => html`<dd${arms.length > 1 ? html` style="${armStyle(arm)}"` : html``}>
<span class="before">${before}</span> <span class="arrow" aria-label="to">→</span> <span class="after">${after}</span> <span class="unit">${unit}</span>${arms.length > 1 ? html` ${armKey(arm, arms[arm]!.name)}` : html``}
</dd>`;
  return html`<header>
<p class="kicker">${title}</p>
<h1>${headline.text} <small>${headline.detail}</small></h1>
<dl class="figures${arms.length > 1 ? " several" : ""}">${figures.map(
    ({ label, rows, unit, about }) => html`<div>
<dt>${label}</dt>
${rows.map((of) => row(of, unit))}
<dd class="about">${about}</dd>
</div>`,
  )}</dl>
<div class="findings">${findings.map(({ title, text }) => html`<section><h2>${title}</h2><p>${text}</p></section>`)}</div>
</header>`;
}

function ranSection({ facts }: ReportData, configs: PageParts["configs"]): Markup {
  return html`<section id="ran" aria-labelledby="ran-title">
<h2 id="ran-title">What ran</h2>
<dl class="facts">${facts.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
${Object.entries(configs).map(
  ([stage, yaml]) =>
    html`<details class="config"><summary>Configuration of ${stage}</summary><pre tabindex="0">${yaml}</pre></details>`,
)}
</section>`;
}
