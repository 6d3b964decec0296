import { choice } from "../../page/choice.ts";
import { html, type Markup } from "../../page/html.ts";
import { disagreement, outcomes, verdicts } from "../../shared/item-filter.ts";
import type { BenchmarkData } from "./benchmark-data.ts";

const changes = [
  { value: "gained", label: "right in the second alone" },
  { value: "lost", label: "right in the first alone" },
];

/** The section of the items: its filters. The client writes the items, as text only. */
export function itemSection({ runs, items }: Pick<BenchmarkData, "runs" | "items">): Markup {
  const tasks = [...new Set(items.map(({ task }) => task))];
  const same = (value: string) => ({ value, label: value });
  const found = outcomes.filter((outcome) => items.some((item) => item.outcome === outcome));
  const several = items.some(({ readings }) => readings.length > 1);
  return html`<section id="items" aria-labelledby="items-title">
<h2 id="items-title">Items</h2>
<p class="note">Every question with what the model wrote, what each scorer read in it, and the frames that it saw. An item opens with Enter or a click.</p>
<form class="filters">
${
  runs.length > 1
    ? choice(
        "run",
        "Evaluation",
        runs.map(({ name }, i) => ({ value: String(i), label: name })),
      )
    : html``
}
${choice("outcome", "Ended", found.map(same))}
${choice("verdict", "Score", verdicts.map(same))}
${several ? choice("scorers", "Scorers", disagreement.map(same)) : html``}
${items.some(({ change }) => change !== undefined) ? choice("change", "Compared", changes) : html``}
<div class="search"><label for="task">Task</label><select id="task" name="task"><option value="">all</option>${tasks.map((task) => html`<option>${task}</option>`)}</select></div>
<div class="search"><label for="search">Text</label><input id="search" type="search" name="text" placeholder="in question, answer, id" autocomplete="off"><button type="reset">Show all</button></div>
</form>
<p class="count" role="status"></p>
<ol class="items"></ol>
<nav class="pages" aria-label="Pages of items"><button type="button" data-step="-1">Previous</button> <span class="page"></span> <button type="button" data-step="1">Next</button></nav>
<noscript><p>The items need JavaScript; everything is inside this file.</p></noscript>
</section>`;
}
