/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { BenchmarkData, ItemView } from "../benchmark/page/benchmark-data.ts";
import { type ChosenItems, itemTest, verdictOf } from "../shared/item-filter.ts";
import { element } from "./element.ts";
import { itemBody } from "./item-body.ts";

/** Items on a page. */
const perPage = 25;

/** Writes the items that the filters choose, a page at a time, and connects filters and pages. */
export function showItems(data: BenchmarkData): void {
  const form = document.querySelector<HTMLFormElement>(".filters")!;
  const list = document.querySelector<HTMLOListElement>(".items")!;
  const pages = document.querySelector<HTMLElement>(".pages")!;
  let found = data.items;
  let page = 0;
  const show = () => {
    const last = Math.max(0, Math.ceil(found.length / perPage) - 1);
    page = Math.min(last, Math.max(0, page));
    list.replaceChildren(...found.slice(page * perPage, (page + 1) * perPage).map((item) => itemLine(item, data)));
    for (const button of pages.querySelectorAll("button"))
      button.disabled = button.dataset.step === "1" ? page === last : page === 0;
    pages.querySelector(".page")!.textContent = `page ${page + 1} of ${last + 1}`;
    pages.hidden = last === 0;
    document.querySelector(".count")!.textContent = `${found.length} of ${data.items.length} items`;
  };
  const filter = () => {
    found = data.items.filter(itemTest(chosenIn(form)));
    page = 0;
    show();
  };
  pages.addEventListener("click", ({ target }) => {
    const step = Number((target as HTMLElement).dataset.step ?? 0);
    if (step === 0) return;
    page += step;
    show();
    list.querySelector("summary")?.focus();
  });
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter)); // the fields are emptied after the event
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();
}

function chosenIn(form: HTMLFormElement): ChosenItems {
  const data = new FormData(form);
  const value = (name: keyof ChosenItems) => String(data.get(name) ?? "");
  return {
    run: value("run"),
    outcome: value("outcome"),
    verdict: value("verdict"),
    scorers: value("scorers"),
    change: value("change"),
    task: value("task"),
    text: value("text").trim(),
  };
}

function itemLine(item: ItemView, data: BenchmarkData): HTMLLIElement {
  const { run, id, task, problem, outcome, score, disagrees } = item;
  const name = data.runs.length > 1 ? [element("small", { text: data.runs[run]!.name })] : [];
  const ended = outcome === "scored" ? "" : outcome;
  const summary = element("summary", { className: "line" }, [
    element("span", { className: "task" }, [new Text(task), ...name]),
    element("span", { className: "id", text: id }),
    element("span", { className: "problem", text: problem }),
    element("span", {
      className: "ended",
      text: [ended, disagrees ? "scorers disagree" : ""].filter(Boolean).join(", "),
    }),
    element("span", { className: "verdict", text: score.toFixed(2), attributes: { "data-verdict": verdictOf(item) } }),
  ]);
  const details = element("details", {}, [summary]);
  details.addEventListener("toggle", () => details.append(itemBody(item, data)), { once: true });
  return element("li", {}, [details]);
}
