import type { Summary } from "../summarise.ts";
import { html, type Markup } from "./html.ts";

/** The section that defines the page's terms. */
export const readingSection = ({
  rules,
  notes: { glossary = [] },
}: Pick<Summary, "rules" | "notes">): Markup => html`<section id="reading" aria-labelledby="reading-title">
<h2 id="reading-title">How to read this</h2>
<dl class="glossary">
<div><dt>Group</dt><dd>All answers sampled for one question in one step. The policy is taught by comparing them with one another.</dd></div>
<div><dt>Right, mixed, wrong</dt><dd>An answer is called right ${rules.right}; a group is mixed if it has right and wrong answers.</dd></div>
<div><dt>p and p̃</dt><dd>The ${rules.p} with the frames in order, and with the same frames shuffled. Only videos have p̃.</dd></div>
<div><dt>Temporal bonus</dt><dd>What T-GRPO adds for right answers of a group whose p is not below p̃ (or as What ran says).</dd></div>
<div><dt>Order contrast</dt><dd>In runs that use it: how much likelier, in nats, the same answer is with the frames in order than with them in another order. It pays each answer for depending on frame order; it is not T-GRPO.</dd></div>
<div><dt>Reward</dt><dd>Accuracy, format and the bonuses together. Accuracy follows the problem type: same letter, same number, word overlap, relative error.</dd></div>
<div><dt>Advantage</dt><dd>The reward minus the mean of the group, in most configurations divided by the group’s standard deviation. Answers above zero become more likely, those below less.</dd></div>
${glossary.map(({ term, text }) => html`<div><dt>${term}</dt><dd>${text}</dd></div>\n`)}</dl>
</section>`;

/** The section on the limits of the numbers. */
export const caveatSection = ({
  arms,
  notes: { caveats = [] },
}: Pick<Summary, "arms" | "notes">): Markup => html`<section id="limits" aria-labelledby="limits-title">
<h2 id="limits-title">What this does not show</h2>
<ul>
${arms.every(({ runs }) => runs > 1) ? fewSeeds : oneSeed}
${arms.length > 1 ? html`` : cause}
<li>That a thought is what the model went by: an answer may rest on anything, whatever its thought says.</li>
${caveats.map((text) => html`<li>${text}</li>\n`)}</ul>
</section>`;

const oneSeed = html`<li>That another seed would give the same, nor that what the arms differ in is the cause of their difference. The intervals of scores are over questions, for these very models; they know nothing of the spread between runs, and one run of each may differ by luck alone.</li>`;
const fewSeeds = html`<li>That the intervals hold for other models. They are over these runs, and runs that start from one SFT model are not independent of one another.</li>`;
const cause = html`<li>That the temporal bonus is the cause. One arm has nothing to compare with: that takes a second one without it and everything else equal, over several seeds.</li>`;
