import { type Description, type Difference, buckets as paperBuckets } from "@videor1/curation";
import type { InspectedSet } from "../inspect-result.ts";
import type { Shown } from "../read-media.ts";
import { bars } from "./bars.ts";
import { frameStrip } from "./frame-strip.ts";
import { histogram, shown as number } from "./histogram.ts";
import { html, type Markup } from "./html.ts";
import { style } from "./style.ts";
import { type Slice, sunburst } from "./sunburst.ts";

/** A data set, and records of it with frames. */
export interface PageSet {
  set: InspectedSet;
  shown: readonly Shown[];
}

export interface PageParts {
  title: string;
  /** What the page is known by when it is made again. */
  mark: string;
  sets: readonly PageSet[];
  differences: readonly Difference[] | undefined;
}

/** One HTML file that loads nothing and runs nothing: its content security policy forbids both. */
export async function inspectPage({ title, mark, sets, differences }: PageParts): Promise<string> {
  const parts = await Promise.all(
    sets.map(async (set, i) => setMarkup(set, await samplesMarkup(set.shown), i, sets.length)),
  );
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="generator" content="${mark}">
<title>${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
<main>
<header><p class="kicker">Data set</p><h1>${title}</h1></header>
<div class="sets${sets.length > 1 ? " two" : ""}">
${parts}
</div>
${differences ? differencesMarkup(differences) : html``}
</main>
</body>
</html>
`.markup;
}

function setMarkup({ set }: PageSet, samples: Markup, at: number, of: number): Markup {
  const { files, records, invalid, description, media } = set;
  const { types, modalities, options, letters, lengths, doubled } = description;
  const odd = invalid > 0 ? `, ${invalid} more break the record rules` : "";
  const spread = Object.entries(lengths).flatMap(([name, own]) => (own ? [histogram(name, own)] : []));
  return html`<section class="set" aria-label="${of > 1 ? `Data set ${at + 1}` : "Data set"}">
${of > 1 ? html`<h2>${files.join(", ")}</h2>` : html``}
<p class="note">${(records - invalid).toLocaleString("en")} records of ${description.media.different.toLocaleString("en")} different media${odd}. ${doubled.questions} questions stand there twice.</p>
${compositionMarkup(description)}
<div class="tables">${bars("Type", types)}${bars("Modality", modalities)}${options.length > 0 ? bars("Options", options) : html``}${letters.length > 0 ? bars("Right letter", letters) : html``}</div>
<h3>Lengths</h3><div class="histograms">${spread}</div>
${media ? mediaMarkup(media) : html``}
${samples}
</section>`;
}

/** Buckets and their sources; of a data set without any of the paper's, types and sources. */
function compositionMarkup({ records, buckets, types }: Description): Markup {
  if (records === 0) return html`<p>No valid record.</p>`;
  const isKnown = buckets.some(({ name }) => name !== "Other");
  const sources = buckets.flatMap(({ sources }) => sources);
  const slices: Slice[] = isKnown
    ? buckets.map(({ name, records, sources }) => ({
        name,
        records,
        parts: sources,
        color: `var(--slice-${colorOf(name)})`,
      }))
    : sources.length > 1
      ? sources.map(({ name, records }, i) => ({
          name: name || "no source",
          records,
          parts: [{ name, records }],
          color: `var(--slice-${i % 8})`,
        }))
      : types.map(({ name, records }, i) => ({
          name,
          records,
          parts: [{ name, records }],
          color: `var(--slice-${i % 8})`,
        }));
  const label = slices.map(({ name, records }) => `${name} ${records}`).join(", ");
  const legend = slices.map((slice) => legendMarkup(slice, records, isKnown));
  return html`<div class="composition">${sunburst(slices, { total: records, label })}
<div class="legend">${legend}</div></div>`;
}

/** The paper's buckets have a colour each, so that two pages agree; "Other" the last. */
function colorOf(bucket: string): number {
  const known = paperBuckets.findIndex(({ name }) => name === bucket);
  return known < 0 ? paperBuckets.length : known;
}

function legendMarkup({ name, records, color, parts }: Slice, total: number, isKnown: boolean): Markup {
  const percent = (count: number, all: number) => `${((100 * count) / all).toFixed(1)}%`;
  const paper = isKnown ? paperBuckets.find((bucket) => bucket.name === name) : undefined;
  const all = paperBuckets.reduce((sum, bucket) => sum + bucket.records, 0);
  const beside = paper ? html` <small>Video-R1-260k: ${percent(paper.records, all)}</small>` : html``;
  const listed = isKnown
    ? parts.map((part) => `${part.name || "no source"} ${part.records.toLocaleString("en")}`).join(" · ")
    : "";
  return html`<div style="--color:${color}"><b>${name}</b> ${records.toLocaleString("en")}, ${percent(records, total)}${beside}<p>${listed}</p></div>`;
}

function mediaMarkup({ asked, read, failed, kinds, spreads }: NonNullable<InspectedSet["media"]>): Markup {
  const plots = Object.entries(spreads).flatMap(([name, own]) => (own ? [histogram(name, own)] : []));
  const failures = failed.slice(0, 20).map(({ path, reason }) => html`<li><code>${path}</code>: ${reason}</li>`);
  return html`<h3>Media</h3><p class="note">${asked} media were chosen; ${read} were read, ${failed.length} could not be.</p>
${failed.length > 0 ? html`<ul class="failures">${failures}</ul>` : html``}
<div class="tables">${bars("Kind of file", kinds)}</div><div class="histograms">${plots}</div>`;
}

async function samplesMarkup(shown: readonly Shown[]): Promise<Markup> {
  if (shown.length === 0) return html``;
  const cards = await Promise.all(
    shown.map(async ({ media: { example }, clip }) => {
      const { uri, width, height } = await frameStrip(clip);
      const options = example.options.map((option) => html`<li>${option}</li>`);
      const answer = example.solution.replaceAll(/<\/?answer>/g, "");
      return html`<article><img src="${uri}" width="${width}" height="${height}" alt="${clip.frames} frames of ${example.path}">
<p class="note">${example.dataSource || "no source"} · ${example.problemType} · ${example.problemId}</p><p>${example.problem}</p><ul>${options}</ul><p class="gold">${answer}</p></article>`;
    }),
  );
  return html`<h3>Samples</h3><div class="samples">${cards}</div>`;
}

function differencesMarkup(differences: readonly Difference[]): Markup {
  const percent = (share: number | undefined) => (share === undefined ? "" : `${(100 * share).toFixed(1)}%`);
  const rows = differences.map(
    ({
      part,
      name,
      first,
      second,
      firstShare,
      secondShare,
    }) => html`<tr><td>${part}</td><th scope="row">${name || "no source"}</th>
<td>${number(first)}</td><td>${percent(firstShare)}</td><td>${number(second)}</td><td>${percent(secondShare)}</td><td>${firstShare === undefined || secondShare === undefined ? number(second - first) : points(secondShare - firstShare)}</td></tr>`,
  );
  return html`<section aria-label="Differences"><h2>Differences</h2><div class="wide"><table class="differences"><thead><tr><th>of</th><th></th><th colspan="2">first</th><th colspan="2">second</th><th>second − first</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

const points = (share: number): string => `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(1)} points`;
