// Shapes: B prompts, L their tokens, A active rows (of R), V vocabulary.

import { dispose, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { canDecodeGqaSteps, linear } from "@videor1/engine";
import { continueByKernel } from "./continue-by-kernel.ts";
import { continueByToken } from "./continue-by-token.ts";
import type { KeyValues } from "./decoder.ts";
import { createRows, type GenerationRow } from "./generation-rows.ts";
import { checkLeftPadded, type HostInputs } from "./inputs.ts";
import type { Network } from "./network.ts";
import { createSampler, type SamplingOptions } from "./sampling.ts";

export interface GenerateOptions extends SamplingOptions {
  /** Tokens of a completion, at most. */
  maxNewTokens: number;
  /** Completions of each prompt, or of every prompt. Default 1. */
  numReturnSequences?: number | readonly number[];
  /** Seed of the batch; row r draws from a seed derived from it and r. Default 0. */
  seed?: number;
  /** A seed per row instead: what a row draws then depends on its own seed alone. */
  seeds?: readonly number[];
  /** Tokens that end a completion. Default: those of the generation config. */
  eosTokenIds?: readonly number[];
  /** Stops between two tokens, where the backend has a decode loop of its own between two of its calls; throws its reason. */
  signal?: AbortSignal;
}

/** R completions, those of prompt 0 first. */
export interface Generation {
  /** [R] token ids, the ending token included. */
  sequences: Int32Array[];
  /** [R] row of the prompt. */
  promptOf: Int32Array;
  /** [R] ended by itself, not by maxNewTokens. */
  finished: boolean[];
  /** [R] log-probability of each token under the model itself (temperature 1, nothing cut off), in nats. */
  logps: Float32Array[];
}

/** What the tokens after the first need. */
export interface Continuation {
  network: Network;
  prompts: HostInputs;
  /** Keys and values of the prompts, per layer; the loop disposes them. */
  keyValues: readonly KeyValues[];
  /** [3, B] positions of the first new tokens. */
  nextPositions: Int32Array;
  options: GenerateOptions & { maxNewTokens: number; eosTokenIds: readonly number[] };
  /** Draws one token for each unfinished row, whose logits are row `at(row, i)` of [*, V], and disposes these. */
  extend(
    active: readonly GenerationRow[],
    logits: Tensor,
    at: (row: GenerationRow, i: number) => number,
  ): Promise<void>;
}

/**
 * Completes LEFT padded prompts. Each prompt, its images and videos run once; its completions start from copies of its keys
 * and values, and each further token costs one pass over the unfinished rows.
 *
 * @throws {ModelInputError} NO_PROMPT or GENERATE_OPTIONS.
 * @throws {NonFiniteLogitsError} If a token cannot be drawn; from a backend with its own loop, its error with the same code.
 */
export async function generateCompletions(
  network: Network,
  prompts: HostInputs,
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

/** Logits [B, 1, V] of the first new token, and what the further ones need of the prompts. */
function prefill(
  network: Network,
  prompts: HostInputs,
): { logits: Tensor; keyValues: KeyValues[]; nextPositions: Int32Array } {
  let nextPositions: Int32Array = new Int32Array();
  const kept = tidy(() => {
    const { hidden, keyValues, rope } = network.encode(prompts, { lastOnly: true });
    nextPositions = rope.nextPositions;
    return { logits: linear(hidden, network.weights.lmHead), keyValues };
  });
  return { ...kept, nextPositions };
}
