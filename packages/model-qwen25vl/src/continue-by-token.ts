// Shapes: A active rows.

import { dispose } from "@tensorflow/tfjs-core";
import type { Continuation } from "./continuation.ts";
import type { GenerationRow } from "./generation-rows.ts";
import { createKvCache, decodeStep, disposeKvCache } from "./kv-cache.ts";
import { unfinishedBatch } from "./unfinished-batch.ts";

/** The decode loop on any backend: one pass over the unfinished rows per token, tokens drawn in JavaScript. */
export async function continueByToken(
  rows: readonly GenerationRow[],
  { network, prompts, keyValues, nextPositions, options, extend }: Continuation,
): Promise<void> {
  const { maxNewTokens, signal } = options;
  let active = rows;
  const promptOf = active.map((row) => row.prompt);
  let cache = createKvCache(keyValues, prompts, promptOf, maxNewTokens - 1);
  for (const { k, v } of keyValues) dispose([k, v]);
  try {
    for (let n = 1; n < maxNewTokens; n++) {
      const unfinished = await unfinishedBatch({ active, cache }, signal);
      if (!unfinished) break;
      ({ active, cache } = unfinished);
      const A = active.length;
      const ids = Int32Array.from(active, (row) => row.ids.at(-1)!);
      const positionOf = (axis: number, row: GenerationRow) =>
        nextPositions[axis * prompts.batch + row.prompt]! + n - 1;
      const positions = Int32Array.from({ length: 3 * A }, (_, i) => positionOf(Math.floor(i / A), active[i % A]!));
      const logits = decodeStep(network, cache, ids, positions, prompts.length + n - 1);
      await extend(active, logits, (_, i) => i);
    }
  } finally {
    disposeKvCache(cache);
  }
}
