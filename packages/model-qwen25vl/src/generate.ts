import { canDecodeGqa } from "@videor1/engine";
import { decodeBySession } from "./decode-by-session.ts";
import { decodeByToken } from "./decode-by-token.ts";
import type { GenerateOptions, Generation } from "./generate-options.ts";
import { createRows } from "./generation-rows.ts";
import { type CheckedInputs, checkLeftPadded } from "./inputs.ts";
import type { Network } from "./network.ts";
import { createSampler } from "./sampling.ts";

/**
 * Completes LEFT padded prompts. Each prompt, its images and videos run once; its completions share its keys and values, and
 * each further token costs one pass over the unfinished rows.
 *
 * @throws {ModelInputError} NO_PROMPT or GENERATE_OPTIONS.
 * @throws {NonFiniteLogitsError} If a token cannot be drawn; from a backend with its own loop, its error with the same code.
 */
export async function generateCompletions(
  network: Network,
  prompts: CheckedInputs,
  options: GenerateOptions,
  eosDefault: readonly number[],
): Promise<Generation> {
  const { eosTokenIds = eosDefault, signal } = options;
  const rows = createRows(prompts, options);
  createSampler(options); // checks them
  checkLeftPadded(prompts);
  signal?.throwIfAborted();
  const job = { network, prompts, rows, options: { ...options, eosTokenIds } };
  if (rows.length > 0) await (canDecodeGqa() ? decodeBySession(job) : decodeByToken(job));
  return {
    sequences: rows.map(({ ids }) => Int32Array.from(ids)),
    promptOf: Int32Array.from(rows, ({ prompt }) => prompt),
    finished: rows.map(({ finished }) => finished),
    logps: rows.map(({ logps }) => Float32Array.from(logps)),
  };
}
