/// <reference lib="dom" />
import type { ItemView } from "../benchmark/page/benchmark-data.ts";
import { element } from "./element.ts";

type Reading = ItemView["readings"][number];

/** What each scorer took for the answer, by which rule, and what it gave. */
export function readingTable(readings: readonly Reading[], mainScorer: string): HTMLElement {
  const heads = ["scorer", "read", "score", "rule", "status"];
  const table = element("table", { className: "readings" }, [
    element("thead", {}, [
      element(
        "tr",
        {},
        heads.map((text) => element("th", { text, attributes: { scope: "col" } })),
      ),
    ]),
    element(
      "tbody",
      {},
      readings.map((reading) => readingRow(reading, reading.scorer === mainScorer)),
    ),
  ]);
  return element("div", { className: "scroll" }, [table]);
}

function readingRow({ scorer, extracted, score, rule = "", status = "" }: Reading, isMain: boolean): HTMLElement {
  return element("tr", {}, [
    element("th", { text: isMain ? `${scorer} (main)` : scorer, attributes: { scope: "row" } }),
    element("td", {}, [element("code", { text: extractedText(extracted) })]),
    element("td", { text: score === null ? "–" : score.toFixed(2) }),
    element("td", { text: rule }),
    element("td", { text: status }),
  ]);
}

function extractedText(extracted: Reading["extracted"]): string {
  if (extracted === undefined) return "–";
  return extracted === null ? "nothing" : typeof extracted === "string" ? extracted : JSON.stringify(extracted);
}
