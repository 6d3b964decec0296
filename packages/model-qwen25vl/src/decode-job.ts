import type { GeneratedRow, GenerateOptions } from "./generate-options.ts";
import type { GenerationRow } from "./generation-rows.ts";
import type { CheckedInputs } from "./inputs.ts";
import type { Network } from "./network.ts";

/** Rows to decode, whatever the way; each one's ids, logps and `finished` are filled when it ends. */
export interface DecodeJob {
  network: Network;
  prompts: CheckedInputs;
  rows: readonly GenerationRow[];
  options: GenerateOptions & { eosTokenIds: readonly number[] };
}

/** Tells the caller that rows have ended. */
export function tellEnded({ rows, options: { onRow } }: DecodeJob, ended: readonly GenerationRow[]): void {
  if (!onRow) return;
  for (const row of ended) {
    const { prompt, ids, logps, finished } = row;
    const generated: GeneratedRow = {
      row: rows.indexOf(row),
      prompt,
      ids: Int32Array.from(ids),
      logps: Float32Array.from(logps),
      finished,
    };
    onRow(generated);
  }
}

/**
 * Lets other work of the thread run between two calls, if there may be any: an abort, or what `onRow` has begun.
 *
 * @throws The signal's reason, once it is aborted.
 */
export async function pause({ signal, onRow }: GenerateOptions): Promise<void> {
  if (!signal && !onRow) return;
  await new Promise(setImmediate);
  signal?.throwIfAborted();
}
