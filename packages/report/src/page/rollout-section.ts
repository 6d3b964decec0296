import type { ReportData } from "../report-data.ts";
import { choice } from "./choice.ts";
import { html, type Markup } from "./html.ts";

/** The section of sampled answers: its filters. The client writes the groups, as text only. */
export function rolloutSection({ groups, periods, traits, arms, strips }: ReportData): Markup {
  const tasks = [...new Set(groups.map(({ task }) => task))].sort();
  const outcomes = ["mixed", "all right", "all wrong"].filter((outcome) => groups.some((g) => g.outcome === outcome));
  const found = traits.filter((trait) => groups.some((group) => group.traits.includes(trait)));
  const same = (value: string) => ({ value, label: value });
  const armed = arms.length > 1 ? html` Arms that were asked the same question stand one below the other.` : html``;
  return html`<section id="rollouts" aria-labelledby="rollouts-title">
<h2 id="rollouts-title">Rollouts</h2>
<p class="note">Answers to ${strips.length} of the questions that RL asked: some of every task from each quarter of the training, chosen to show right, wrong and mixed groups, so they are no average.${armed} Hover over a frame to find it again in the other row.</p>
<form class="filters">
${
  arms.length > 1
    ? choice(
        "arm",
        "Arm",
        arms.map(({ name }, arm) => ({ value: String(arm), label: name })),
      )
    : html``
}
${choice("task", "Task", tasks.map(same))}
${choice("outcome", "Answers", outcomes.map(same))}
${choice("trait", "With", found.map(same))}
${choice(
  "period",
  "Steps",
  periods.map(({ from, to }, i) => ({ value: String(i), label: from === to ? `${from}` : `${from}–${to}` })),
)}
<div class="search"><label for="search">Text</label><input id="search" type="search" name="text" placeholder="in question or answers" autocomplete="off"><button type="reset">Show all</button></div>
</form>
<p class="count" role="status"></p>
<ol class="groups"></ol>
<button type="button" class="more" hidden>Show more</button>
<noscript><p>The rollouts and curves need JavaScript; everything is inside this file.</p></noscript>
</section>`;
}
