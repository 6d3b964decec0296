// Shapes: V vocabulary.

import { dispose, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { canDecodeGqaSteps, linear } from "@videor1/engine";
import type { Continuation } from "./continuation.ts";
import { continueByKernel } from "./continue-by-kernel.ts";
import { continueByToken } from "./continue-by-token.ts";
import type { KeyValues } from "./decoder.ts";
import type { GenerateOptions, Generation } from "./generate-options.ts";
import { createRows } from "./generation-rows.ts";
import { type CheckedInputs, checkLeftPadded } from "./inputs.ts";
import type { Network } from "./network.ts";
import { createSampler } from "./sampling.ts";

/**
 * Completes LEFT padded prompts. Each prompt, its images and videos run once; its completions start from copies of its keys
 * and values, and each further token costs one pass over the unfinished rows.
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
  const { eosTokenIds = eosDefault, signal, repetitionPenalty = 1 } = options;
  const rows = createRows(prompts, options);
  const sample = createSampler(options);
  checkLeftPadded(prompts);

  const extend: Continuation["extend"] = async (active, logits, at) => {
    const V = network.config.text.vocabSize;
    const values = await logits.data<"float32">();
    logits.dispose();
    active.forEach((row, i) => {
      if (row.finished) return;
      const start = at(row, i) * V;
      const { id, logp } = sample(values.subarray(start, start + V), row.seen, row.seed, row.ids.length);
      row.ids.push(id);
      row.logps.push(logp);
      if (repetitionPenalty !== 1) row.seen.add(id);
      row.finished = eosTokenIds.includes(id);
    });
  };

  signal?.throwIfAborted();
  const { logits, keyValues, nextPositions } = prefill(network, prompts);
  const disposePrompts = () => {
    for (const { k, v } of keyValues) dispose([k, v]);
  };
  try {
    await extend(rows, logits, (row) => row.prompt);
  } catch (error) {
    disposePrompts();
    throw error;
  }
  const unfinished = rows.filter((row) => !row.finished);
  const rest = { network, prompts, keyValues, nextPositions, options: { ...options, eosTokenIds }, extend };
  if (!unfinished.length || options.maxNewTokens === 1) disposePrompts();
  else if (canDecodeGqaSteps()) await continueByKernel(unfinished, rest);
  else await continueByToken(unfinished, rest);
  return {
    sequences: rows.map(({ ids }) => Int32Array.from(ids)),
    promptOf: Int32Array.from(rows, ({ prompt }) => prompt),
    finished: rows.map(({ finished }) => finished),
    logps: rows.map(({ logps }) => Float32Array.from(logps)),
  };
}

/** Logits [B, 1, V] of the first new token; for the later ones, the prompts' keys, values and next positions. */
function prefill(
  network: Network,
  prompts: CheckedInputs,
): { logits: Tensor; keyValues: KeyValues[]; nextPositions: Int32Array } {
  let nextPositions: Int32Array = new Int32Array();
  const kept = tidy(() => {
    const { hidden, keyValues, rope } = network.encode(prompts, { lastOnly: true });
    nextPositions = rope.nextPositions;
    return { logits: linear(hidden, network.weights.lmHead), keyValues };
  });
  return { ...kept, nextPositions };
}
