import type { BenchmarkItem } from "../item.ts";
import { itemFinder } from "./item-finder.ts";
import type { OutputRow, RowPlace } from "./output-row.ts";

/** Outputs of a benchmark's items. */
export interface MatchedOutputs {
  /** By the item's id. */
  outputs: Map<string, string>;
  /** Items whose model failed: id -> reason. */
  failed: Map<string, string>;
  /** Rows that are no item's, or an item's that has another already. */
  unmatched: { place: RowPlace; reason: string }[];
  /** Items without a row. */
  missing: string[];
}

/** Gives each row to the item that it answers; what fits none, or fits several, is named. */
export function matchOutputs(items: readonly BenchmarkItem[], rows: readonly OutputRow[]): MatchedOutputs {
  const find = itemFinder(items);
  const outputs = new Map<string, string>();
  const failed = new Map<string, string>();
  const unmatched: MatchedOutputs["unmatched"] = [];
  const places = new Map<string, RowPlace>();
  for (const row of rows) {
    const { place, output, reason = "no output" } = row;
    const found = find(row);
    if (typeof found === "string") {
      unmatched.push({ place, reason: found });
      continue;
    }
    const earlier = places.get(found.id);
    if (earlier !== undefined) {
      unmatched.push({ place, reason: `item ${found.id} has line ${earlier.line} of ${earlier.file}` });
      continue;
    }
    places.set(found.id, place);
    if (output === undefined) failed.set(found.id, reason);
    else outputs.set(found.id, output);
  }
  return { outputs, failed, unmatched, missing: items.flatMap(({ id }) => (places.has(id) ? [] : [id])) };
}
