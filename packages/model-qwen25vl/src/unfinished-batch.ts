import type { GenerationRow } from "./generation-rows.ts";
import { compactKvCache, type KvCache } from "./kv-cache.ts";

/** The rows that are decoded together, and their cache. */
export interface DecodeBatch {
  active: readonly GenerationRow[];
  cache: KvCache;
}

/**
 * The batch of the next token: finished rows leave it once they are a quarter, and the given cache is disposed then;
 * undefined once all rows are finished.
 */
export function unfinishedBatch({ active, cache }: DecodeBatch): DecodeBatch | undefined {
  if (active.every((row) => row.finished)) return undefined;
  const kept = staying(active);
  return kept ? { active: kept.map((i) => active[i]!), cache: compactKvCache(cache, kept) } : { active, cache };
}

const compactBelow = 0.75; // share of unfinished rows below which the others leave the batch

/** Indices of the unfinished rows once so few are left that the others should leave the batch, else undefined. */
function staying(active: readonly GenerationRow[]): number[] | undefined {
  const unfinished = active.flatMap((row, i) => (row.finished ? [] : [i]));
  return unfinished.length <= compactBelow * active.length ? unfinished : undefined;
}
