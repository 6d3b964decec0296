import { setImmediate } from "node:timers/promises";
import { type Item, type Score, scoreItem } from "./score-item.ts";
import type { Scoring } from "./scoring.ts";

/** Longest time that other requests wait for their turn while a long batch is scored. */
const sliceMilliseconds = 5;

/**
 * Scores a batch: one result for each item, in their order. A long batch yields to other requests every few
 * milliseconds, and ends early, with the results so far, once `isUnwanted` returns true.
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
