import type { Distribution } from "@videor1/curation";
import { html, type Markup } from "./html.ts";

const [width, height, foot] = [330, 120, 18];

/** Bars of a distribution, with the median as a line; a sentence where all values are one. */
export function histogram(title: string, { bins, count, min, median, mean, p90, max }: Distribution): Markup {
  if (min === max)
    return html`<figure class="histogram"><figcaption>${title}</figcaption><p>${shown(max)} in all ${count.toLocaleString("en")}</p></figure>`;
  const highest = Math.max(...bins.map((bin) => bin.count));
  const step = width / bins.length;
  const bars = bins.map(({ from, to, count }, i) => {
    const tall = (count / highest) * (height - foot - 4);
    return html`<rect x="${(i * step).toFixed(1)}" y="${(height - foot - tall).toFixed(1)}" width="${Math.max(1, step - 1).toFixed(1)}" height="${tall.toFixed(1)}"><title>${shown(from)} to ${shown(to)}: ${count.toLocaleString("en")}</title></rect>`;
  });
  const at = bins.findIndex(({ from, to }) => median >= from && median < to);
  const { from, to } = bins[Math.max(at, 0)]!;
  const x = (Math.max(at, 0) + (to > from ? Math.min(1, (median - from) / (to - from)) : 0)) * step;
  return html`<figure class="histogram"><figcaption>${title}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}: median ${shown(median)} of ${count}">
${bars}<line class="median" x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="0" y2="${height - foot}"/>
<text x="0" y="${height - 3}">${shown(bins[0]!.from)}</text><text x="${width}" y="${height - 3}" text-anchor="end">${shown(bins.at(-1)!.to)}</text>
</svg><p class="note">median ${shown(median)}, mean ${shown(mean)}, 90% up to ${shown(p90)}, most ${shown(max)}</p></figure>`;
}

/** At most one decimal from 10 on, two below. */
export const shown = (value: number): string =>
  Number(value.toFixed(Math.abs(value) >= 10 ? 1 : 2)).toLocaleString("en", { maximumFractionDigits: 2 });
