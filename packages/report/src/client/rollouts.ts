/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import type { ReportData } from "../report-data.ts";
import type { FrameStrip } from "../rollouts/frame-strip.ts";
import type { GroupView } from "../rollouts/group-view.ts";
import { armColor } from "../shared/arm-color.ts";
import { type Chosen, isChosen } from "../shared/group-filter.ts";
import { element } from "./element.ts";
import { frameRow } from "./frame-row.ts";
import { groupBody } from "./group-body.ts";

/** Number of groups shown at first, and added by each "Show more". */
const page = 36;

/** Writes the groups, the first one open, and connects the filters. */
export function showRollouts({ groups, strips, arms, notes }: ReportData): void {
  const body = (group: GroupView) => groupBody(group, strips[group.strip]!, notes.markWords ?? []);
  const items = groups.map((group) => ({ group, item: groupItem(group, strips[group.strip]!, arms, body) }));
  document.querySelector(".groups")!.append(...items.map(({ item }) => item));
  items[0]?.item.querySelector("details")?.setAttribute("open", "");
  const more = document.querySelector<HTMLButtonElement>("button.more")!;
  let limit = page;
  const form = document.querySelector<HTMLFormElement>(".filters")!;
  const filter = () => {
    const data = new FormData(form);
    const value = (name: keyof Chosen) => String(data.get(name) ?? "");
    const chosen: Chosen = {
      arm: value("arm"),
      task: value("task"),
      outcome: value("outcome"),
      trait: value("trait"),
      period: value("period"),
      text: value("text").trim(),
    };
    const found = items.filter(({ group }) => isChosen(group, chosen));
    const shown = new Set(found.slice(0, limit));
    for (const entry of items) entry.item.hidden = !shown.has(entry);
    more.hidden = found.length <= limit;
    const first = more.hidden ? "" : `, the first ${limit} of them below`;
    document.querySelector(".count")!.textContent = `${found.length} of ${items.length} groups${first}`;
  };
  const begin = () => {
    limit = page;
    filter();
  };
  more.addEventListener("click", () => {
    limit += page;
    filter();
  });
  form.addEventListener("input", begin);
  form.addEventListener("reset", () => setTimeout(begin)); // the fields are emptied after the event
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();
}

function groupItem(
  group: GroupView,
  frames: FrameStrip,
  arms: ReportData["arms"],
  body: (group: GroupView) => HTMLElement,
): HTMLLIElement {
  const { arm, step, task, problem, p, pShuffled, outcome } = group;
  const share = (value: number | null) => (value === null ? "–" : value.toFixed(2));
  const shares = pShuffled === null ? `p ${share(p)}` : `p ${share(p)} · p̃ ${share(pShuffled)}`;
  const summary = element("summary", {}, [
    element("span", { className: "step", text: `step ${step}` }, arms.length > 1 ? [armTag(arm, arms[arm]!.name)] : []),
    element("span", { className: "task", text: task }),
    element("span", { className: "problem", text: problem }),
    element("span", { className: "thumbnails" }, [frameRow(frames, [...Array(frames.count).keys()])]),
    element("span", { className: "outcome", text: outcome, attributes: { "data-outcome": outcome } }),
    element("span", { className: "shares", text: shares }),
  ]);
  const details = element("details", {}, [summary]);
  details.addEventListener("toggle", () => details.append(body(group)), { once: true });
  return element("li", {}, [details]);
}

function armTag(arm: number, name: string): HTMLSpanElement {
  const tag = element("span", { className: "key", text: name });
  tag.style.setProperty("--color", `var(${armColor(arm)})`);
  return tag;
}
