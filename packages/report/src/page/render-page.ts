import { createHash } from "node:crypto";
import type { ClientBundle } from "../bundle-client.ts";
import type { ReportData } from "../report-data.ts";
import type { Figure } from "../words/figures.ts";
import { armKey, armStyle } from "./arms.ts";
import { curveSection } from "./curve-section.ts";
import { endSection } from "./end-section.ts";
import { html, type Markup, raw } from "./html.ts";
import { ledgerSection } from "./ledger-section.ts";
import { rolloutSection } from "./rollout-section.ts";
import { tableSection } from "./table-section.ts";
import { caveatSection, readingSection } from "./text-sections.ts";

export interface PageParts extends ClientBundle {
  /** The resolved config of SFT and of each arm, by name. */
  configs: Readonly<Record<string, string>>;
}

/**
 * The whole page as one HTML file, with its data as JSON in `<script id="data">`. Its content security policy forbids it to
 * load anything, and allows its one script by hash.
 */
export function renderPage(data: ReportData, { configs, script, style }: PageParts): string {
  const scriptHash = createHash("sha256").update(script).digest("base64");
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${scriptHash}'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${data.title}</title>
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#rollouts">Skip to the rollouts</a>
<main>
${header(data)}
${ranSection(data, configs)}
${curveSection(data)}
${endSection(data)}
${data.table ? tableSection(data.table, data.notes.heldBack) : html``}
${rolloutSection(data)}
${ledgerSection(data.ledger)}
${readingSection(data)}
${caveatSection(data)}
</main>
<script type="application/json" id="data">${raw(embeddedJson(data))}</script>
<script>${raw(script)}</script>
</body>
</html>
`.markup;
}

/** JSON for a script element: without "<", so that nothing ends the element or opens a comment. */
export const embeddedJson = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

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
