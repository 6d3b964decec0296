import type { Curve, Line } from "../curves/curve.ts";
import type { PageNotes } from "../notes.ts";
import { inUnit, type Unit } from "../shared/units.ts";
import type { Summary } from "../summarise.ts";
import { armKey } from "./arms.ts";
import { html, type Markup } from "./html.ts";

/** Curves by the question that they answer, in reading order. */
interface Chapter {
  title: string;
  about: string;
  ids: readonly string[];
}

/** @param noted - ids of the curves that the notes add. */
const chapters = (noted: readonly string[], shortcut: PageNotes["shortcut"]): readonly Chapter[] => [
  {
    title: "The paper’s curves",
    about:
      "The three that Video-R1 shows. In the paper accuracy rises a little, temporal reward too, and length dips, then grows.",
    ids: ["accuracy", "temporal", "length"],
  },
  {
    title: "What the frames are worth",
    about: `Whether the policy looks at the order of the frames${shortcut ? `, or at ${shortcut.name} ${shortcut.about}` : ""}.`,
    ids: [...noted, "contrast", "p", "pShuffled", "gap"],
  },
  {
    title: "Health of the training",
    about:
      "Held-back prompts, how many groups teach nothing, the form of the answers, the distance from the SFT model, and the loss before RL.",
    ids: ["validation", "noSignal", "format", "kl", "mismatch", "sftLoss", "sftValidation"],
  },
];

/** The section of all curves; the client draws into the `data-curve` elements. */
export function curveSection({
  curves,
  arms,
  notes,
  notedCurves,
}: Pick<Summary, "curves" | "arms" | "notes" | "notedCurves">): Markup {
  const windows = new Map(curves.flatMap(({ stage, window }) => (window > 1 ? [[stage, window]] : [])));
  const smoothed = [...windows].map(([stage, window]) => `${window} steps in ${stage}`).join(", ");
  const lines = curves.flatMap((curve) => curve.lines);
  const thin = lines.some(({ band }) => !band) ? html`Thin line: every step. ` : html``;
  const band = lines.some(({ band }) => band)
    ? html` Of several seeds the line is the median, the band the middle half.`
    : html``;
  const names = arms.map(({ name }) => name);
  return html`<section id="curves" aria-labelledby="curves-title">
<h2 id="curves-title">Curves</h2>
<p class="note">${thin}Thick line: centred mean over ${smoothed}, over fewer at the ends.${band} The numbers are means of the first and the last tenth of the steps, before smoothing; of validations the first and the last.</p>
${arms.length > 1 ? legend(arms) : html``}
${chapters(notedCurves, notes.shortcut).map(({ title, about, ids }) => {
  const shown = ids.flatMap((id) => curves.find((curve) => curve.id === id) ?? []);
  return shown.length === 0
    ? html``
    : html`<h3>${title}</h3><p class="note">${about}</p><div class="curves">${shown.map((curve) => figure(curve, names))}</div>`;
})}
</section>`;
}

/** The arms' colours; unchecking a box hides the arm's lines. */
const legend = (arms: Summary["arms"]): Markup =>
  html`<fieldset class="legend"><legend class="hidden">Arms shown in the curves</legend>${arms.map(
    ({ name, objective }, arm) =>
      html`<label title="${objective}"><input type="checkbox" name="arm" value="${arm}" checked>${armKey(arm, name)}</label>`,
  )}</fieldset>`;

function figure({ id, title, about, unit, stage, lines }: Curve, names: readonly string[]): Markup {
  const named = names.length > 1 && stage === "RL";
  return html`<figure class="curve">
<figcaption><span class="title">${title}</span> <span class="about">${about}</span><span class="changes">${lines.map((line) => change(line, unit, named ? names[line.arm]! : null))}</span></figcaption>
<div class="plot" data-curve="${id}" role="img" tabindex="0" aria-label="${title} by ${stage} step; the left and right arrow keys read values"></div>
<output class="readout"></output>
</figure>`;
}

const change = ({ arm, first, last }: Line, unit: Unit, name: string | null): Markup =>
  html`<span class="change">${name === null ? html`` : html`${armKey(arm, name)} `}${inUnit(first, unit)} → <b>${inUnit(last, unit)}</b></span>`;
