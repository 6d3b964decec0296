/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import { armColor } from "../arm-color.ts";
import type { GroupView } from "../group-view.ts";
import { element } from "./element.ts";
import { frameRow } from "./frame-row.ts";
import { groupBody } from "./group-body.ts";

/** Writes the groups and hooks up the filters; the first group stands open. */
export function showRollouts(groups: readonly GroupView[], arms: readonly string[]): void {
  const items = groups.map((group) => ({ group, item: groupItem(group, arms) }));
  document.querySelector(".groups")!.append(...items.map(({ item }) => item));
  items[0]?.item.querySelector("details")?.setAttribute("open", "");
  const form = document.querySelector<HTMLFormElement>(".filters")!;
  const filter = () => {
    const chosen = new FormData(form);
    for (const { group, item } of items) item.hidden = !matches(group, chosen);
    const shown = items.filter(({ item }) => !item.hidden).length;
    document.querySelector(".count")!.textContent = `${shown} of ${items.length} shown`;
  };
  form.addEventListener("change", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();
}

function matches({ arm, task, outcome, orderHelped, period }: GroupView, chosen: FormData): boolean {
  const [wantedArm, wantedTask, wantedOutcome, wantedPeriod] = ["arm", "task", "outcome", "period"].map((name) =>
    chosen.get(name),
  );
  return (
    (!wantedArm || wantedArm === String(arm)) &&
    (!wantedTask || wantedTask === task) &&
    (!wantedOutcome || (wantedOutcome === "helped" ? orderHelped : wantedOutcome === outcome)) &&
    (!wantedPeriod || wantedPeriod === String(period))
  );
}

function groupItem(group: GroupView, arms: readonly string[]): HTMLLIElement {
  const { arm, step, task, problem, p, pShuffled, outcome, frames } = group;
  const share = (value: number | null) => (value === null ? "–" : value.toFixed(2));
  const shares = pShuffled === null ? `p ${share(p)}` : `p ${share(p)} · p̃ ${share(pShuffled)}`;
  const summary = element("summary", {}, [
    element("span", { className: "step", text: `step ${step}` }, arms.length > 1 ? [armTag(arm, arms[arm]!)] : []),
    element("span", { className: "task", text: task }),
    element("span", { className: "problem", text: problem }),
    element("span", { className: "thumbnails" }, [frameRow(frames, [...Array(frames.count).keys()])]),
    element("span", { className: "outcome", text: outcome, attributes: { "data-outcome": outcome } }),
    element("span", { className: "shares", text: shares }),
  ]);
  const details = element("details", {}, [summary]);
  details.addEventListener("toggle", () => details.append(groupBody(group)), { once: true });
  return element("li", {}, [details]);
}

function armTag(arm: number, name: string): HTMLSpanElement {
  const tag = element("span", { className: "key", text: name });
  tag.style.setProperty("--color", `var(${armColor(arm)})`);
  return tag;
}
