/// <reference lib="dom" />
import type { BenchmarkData, ClipView, ItemView } from "../benchmark/page/benchmark-data.ts";
import { verdictOf } from "../shared/item-filter.ts";
import { element } from "./element.ts";
import { frameRow } from "./frame-row.ts";
import { outputText } from "./output-text.ts";
import { readingTable } from "./reading-table.ts";

/** The content of an opened item: question, frames, output, what the scorers read, and the scores with other frames. */
export function itemBody(item: ItemView, data: BenchmarkData): HTMLDivElement {
  const { problem, options, gold, output, reason, readings, compared, isCut, tokens, path } = item;
  const remarks = [
    path,
    tokens === undefined ? "" : `${tokens} tokens`,
    isCut ? "cut off by the limit" : "",
    readings.length === 0 ? "no scorer read this" : "",
  ];
  return element("div", { className: "body" }, [
    element("p", { className: "question" }, [
      element("span", { text: problem }),
      ...options.map((option) => element("span", { className: "option", text: option })),
      element("span", { className: "solution", text: `right: ${gold}` }),
    ]),
    ...framesSeen(item, data),
    output === null
      ? element("p", { className: "output none", text: `Not asked: ${reason}` })
      : element("div", { className: "output" }, [outputText(output, verdictOf(item) === "right")]),
    element("p", { className: "remarks", text: remarks.filter(Boolean).join(" · ") }),
    ...(readings.length > 0 ? [readingTable(readings, data.runs[item.run]!.mainScorer)] : []),
    ...Object.entries(compared ?? {}).map(([order, other]) => otherOrder(order, other)),
  ]);
}

function framesSeen({ clips: at }: ItemView, { clips, frames }: BenchmarkData): HTMLElement[] {
  if (at === undefined) return [];
  const seen = clips[at]!;
  const shown = frames[at];
  const nodes: HTMLElement[] = [];
  if (shown && "strip" in shown) {
    const { strip, positions } = shown;
    const seconds = seen.flatMap(({ indices, seconds }) => indices.map((_, f) => seconds?.[f] ?? null));
    const every = [...positions.keys()];
    const row = frameRow(
      strip,
      every,
      every.map((f) => seconds[positions[f]!] ?? null),
    );
    const label = `${strip.count} frames in the order in which the model saw them`;
    nodes.push(element("figure", { className: "seen", attributes: { role: "img", "aria-label": label } }, [row]));
  } else if (shown) nodes.push(element("p", { className: "remarks", text: `No pictures: ${shown.reason}` }));
  nodes.push(
    ...seen.map((clip, i) => element("p", { className: "remarks", text: clipText(clip, seen.length > 1 ? i : null) })),
  );
  return nodes;
}

function clipText({ indices, seconds }: ClipView, at: number | null): string {
  const name = at === null ? "Seen" : `Clip ${at + 1}`;
  const times = seconds === undefined ? "" : ` at ${seconds.map((time) => time.toFixed(2)).join(", ")} s`;
  return `${name}: frame${indices.length === 1 ? "" : "s"} ${indices.join(", ")}${times}`;
}

function otherOrder(order: string, { output, score }: NonNullable<ItemView["compared"]>[string]): HTMLElement {
  const summary = element("summary", { className: "fold", text: `frames ${order}: score ${score.toFixed(2)}` });
  const text = output === null ? new Text("no answer") : outputText(output, score === 1);
  return element("details", { className: "other" }, [summary, element("div", { className: "output" }, [text])]);
}
