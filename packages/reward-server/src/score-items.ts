import { setImmediate } from "node:timers/promises";
import { type Item, type Score, type Scoring, scoreItem } from "./score-item.ts";

/** How long others may have to wait for their turn while a long batch is scored. */
const sliceMilliseconds = 5;

/**
 * Scores a batch: one result for each item, in their order. A long batch gives way to other requests every few
 * milliseconds, and ends early, with what it has, once `isUnwanted` says so.
 */
export async function scoreItems(
  items: readonly Item[],
  scoring: Scoring,
  isUnwanted: () => boolean = () => false,
): Promise<Score[]> {
  const results: Score[] = [];
  let sliceStart = performance.now();
  for (const item of items) {
    results.push(scoreItem(item, scoring));
    if (performance.now() - sliceStart < sliceMilliseconds) continue;
    await setImmediate();
    if (isUnwanted()) break;
    sliceStart = performance.now();
  }
  return results;
}
