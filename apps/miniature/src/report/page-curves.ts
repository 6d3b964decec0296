import { type Curve, ends } from "./curves.ts";
import { inUnit } from "./format.ts";
import { html, type Markup } from "./html.ts";

/** Curves by the question that they answer, in reading order. */
const chapters: readonly { title: string; about: string; ids: readonly string[] }[] = [
  {
    title: "The paper’s curves",
    about:
      "The three that Video-R1 shows. In the paper accuracy rises a little, temporal reward too, and length dips, then grows.",
    ids: ["accuracy", "temporal", "length"],
  },
  {
    title: "What the frames are worth",
    about: "Whether the policy looks at the order of the frames, or at the border that often gives the answer away.",
    ids: ["shares", "gap", "contrast", "border"],
  },
  {
    title: "Health of the training",
    about: "The form of the answers, the distance from the SFT model, and the loss before RL.",
    ids: ["format", "kl", "sftLoss"],
  },
];

/** The section of all curves; the client draws into the `data-curve` elements. */
export function curveSection(curves: readonly Curve[]): Markup {
  const windows = new Map(curves.map(({ stage, window }) => [stage, window]));
  const note = [...windows].map(([stage, window]) => `${window} steps in ${stage}`).join(", ");
  return html`<section id="curves" aria-labelledby="curves-title">
<h2 id="curves-title">Curves</h2>
<p class="note">Thin line: every step. Thick line: centred mean over ${note}, over fewer at the ends. The numbers are means of the first and the last tenth of the steps, before smoothing.</p>
${chapters.map(({ title, about, ids }) => {
  const shown = curves.filter(({ id }) => ids.includes(id));
  return shown.length === 0
    ? html``
    : html`<h3>${title}</h3><p class="note">${about}</p><div class="curves">${shown.map(figure)}</div>`;
})}
</section>`;
}

function figure({ id, title, about, unit, stage, lines }: Curve): Markup {
  const changes = lines.map((line, i) => {
    const { first, last } = ends(line);
    const key = lines.length > 1 ? html`<span class="key" data-line="${i}">${line.name}</span> ` : html``;
    return html`<span class="change">${key}${inUnit(first, unit)} → <b>${inUnit(last, unit)}</b></span>`;
  });
  return html`<figure class="curve">
<figcaption><span class="title">${title}</span> <span class="changes">${changes}</span><span class="about">${about}</span></figcaption>
<div class="plot" data-curve="${id}" role="img" tabindex="0" aria-label="${title} by ${stage} step; the left and right arrow keys read values"></div>
<output class="readout"></output>
</figure>`;
}
