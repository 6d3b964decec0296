import type { ClientBundle } from "../../bundle-client.ts";
import { html, type Markup } from "../../page/html.ts";
import { htmlDocument } from "../../page/html-document.ts";
import { evaluationTables, headlineText, outcomesText } from "../benchmark-report.ts";
import { combinedTable } from "../benchmarks-report.ts";
import type { RunComparison } from "../compare/compare-runs.ts";
import { comparisonTitle } from "../compare/comparison-report.ts";
import { comparisonTables } from "../compare/comparison-tables.ts";
import { type Evaluated, titleOf } from "../evaluated.ts";
import type { BenchmarkData } from "./benchmark-data.ts";
import { itemSection } from "./item-section.ts";
import { tableMarkup } from "./markup.ts";

/** The page of evaluations on benchmarks as one HTML file. */
export function renderBenchmarkPage(
  summaries: readonly Evaluated[],
  data: BenchmarkData,
  { comparison, client }: { comparison: RunComparison | undefined; client: ClientBundle },
): string {
  const body = html`<header><p class="kicker">${data.title}</p>
${summaries.length === 1 ? headline(summaries[0]!) : html`<h1>${summaries.length} evaluations</h1>`}
</header>
${summaries.length > 1 ? besideSection(summaries) : html``}
${comparison ? comparisonSection(comparison) : html``}
${summaries.map((summary, i) => overview(summary, i, summaries.length > 1))}
${itemSection(data)}`;
  return htmlDocument({ body, data, skip: { to: "items", text: "Skip to the items" }, ...client });
}

const headline = (summary: Evaluated): Markup =>
  html`<h1>${titleOf(summary)}: ${summary.model} <small>${headlineText(summary)}</small></h1>`;

const besideSection = (summaries: readonly Evaluated[]): Markup =>
  html`<section id="beside" class="overview" aria-labelledby="beside-title"><h2 id="beside-title">All of them</h2>
${tableMarkup(combinedTable(summaries), "beside-table")}
</section>`;

const comparisonSection = (comparison: RunComparison): Markup =>
  html`<section id="compared" class="overview" aria-labelledby="compared-title"><h2 id="compared-title">${comparisonTitle(comparison)}</h2>
${comparisonTables(comparison).map((table, i) => tableMarkup(table, `compared-${i}`))}
</section>`;

/** The tables of one evaluation. */
function overview(summary: Evaluated, at: number, isOneOfMany: boolean): Markup {
  const id = `run-${at}`;
  const title = isOneOfMany ? `${summary.name}: ${titleOf(summary)}, ${summary.model}` : "Overview";
  const number = isOneOfMany ? html`<p>${headlineText(summary)}.</p>` : html``;
  return html`<section id="${id}" class="overview" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${number}
<p class="note">${outcomesText(summary)}.</p>
${evaluationTables(summary).map((table, i) => tableMarkup(table, `${id}-table-${i}`))}
</section>
`;
}
