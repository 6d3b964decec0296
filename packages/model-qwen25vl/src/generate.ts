// Shapes: B prompts, L their tokens, A active rows (of R), V vocabulary.

import { dispose, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { linear } from "@videor1/engine";
import type { KeyValues } from "./decoder.ts";
import { ModelInputError } from "./errors.ts";
import { checkLeftPadded, type HostInputs } from "./inputs.ts";
import { compactKvCache, createKvCache, decodeStep, disposeKvCache } from "./kv-cache.ts";
import type { Network } from "./network.ts";
import { deriveSeed } from "./philox.ts";
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
  /** Stops between two tokens, by throwing its reason. */
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

interface Row {
  prompt: number;
  seed: number;
  ids: number[];
  logps: number[];
  seen: Set<number>;
  finished: boolean;
}

const compactBelow = 0.75; // share of unfinished rows below which the others leave the batch

/**
 * Completes LEFT padded prompts. Each prompt, its images and videos run once; its completions start from copies of its keys
 * and values, and each further token costs one pass over the unfinished rows.
 *
 * @throws {ModelInputError} NO_PROMPT or GENERATE_OPTIONS.
 */
export async function generateCompletions(
  network: Network,
  prompts: HostInputs,
  options: GenerateOptions,
  eosDefault: readonly number[],
): Promise<Generation> {
  const { maxNewTokens, eosTokenIds = eosDefault, signal, repetitionPenalty = 1 } = options;
  const rows = createRows(prompts, options);
  const sample = createSampler(options);
  checkLeftPadded(prompts);

  /** Draws one token for each unfinished row, whose logits are row `at(row, i)` of [*, V]. */
  const extend = (active: readonly Row[], logits: Float32Array, at: (row: Row, i: number) => number): void => {
    const V = network.config.text.vocabSize;
    active.forEach((row, i) => {
      if (row.finished) return;
      const start = at(row, i) * V;
      const { id, logp } = sample(logits.subarray(start, start + V), row.seen, row.seed, row.ids.length);
      row.ids.push(id);
      row.logps.push(logp);
      if (repetitionPenalty !== 1) row.seen.add(id);
      row.finished = eosTokenIds.includes(id);
    });
  };

  signal?.throwIfAborted();
  const { logits, keyValues, nextPositions } = prefill(network, prompts);
  extend(rows, await read(logits), (row) => row.prompt);
  let active = rows.filter((row) => !row.finished);
  let cache = createKvCache(
    keyValues,
    prompts,
    active.map((row) => row.prompt),
    maxNewTokens - 1,
  );
  dispose(keyValues);
  try {
    for (let n = 1; n < maxNewTokens; n++) {
      if (signal) {
        await new Promise(setImmediate); // lets the event that aborts happen
        signal.throwIfAborted();
      }
      const unfinished = active.flatMap((row, i) => (row.finished ? [] : [i]));
      if (!unfinished.length) break;
      if (unfinished.length <= compactBelow * active.length) {
        active = unfinished.map((i) => active[i]!);
        cache = compactKvCache(cache, unfinished);
      }
      const A = active.length;
      const ids = Int32Array.from(active, (row) => row.ids.at(-1)!);
      const positionOf = (axis: number, row: Row) => nextPositions[axis * prompts.batch + row.prompt]! + n - 1;
      const positions = Int32Array.from({ length: 3 * A }, (_, i) => positionOf(Math.floor(i / A), active[i % A]!));
      const logits = decodeStep(network, cache, ids, positions, prompts.length + n - 1);
      extend(active, await read(logits), (_, i) => i);
    }
  } finally {
    disposeKvCache(cache);
  }
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

async function read(logits: Tensor): Promise<Float32Array> {
  const values = await logits.data<"float32">();
  logits.dispose();
  return values;
}

function createRows(prompts: HostInputs, options: GenerateOptions): Row[] {
  const { maxNewTokens, numReturnSequences = 1, seed = 0, seeds, repetitionPenalty = 1 } = options;
  const { batch, length, inputIds, attentionMask } = prompts;
  const invalid = (what: string, hint: string) =>
    new ModelInputError("GENERATE_OPTIONS", what, hint, { ...options, signal: undefined });
  const counts =
    typeof numReturnSequences === "number" ? new Array<number>(batch).fill(numReturnSequences) : numReturnSequences;
  if (counts.length !== batch || counts.some((count) => !Number.isInteger(count) || count < 0)) {
    throw invalid(`numReturnSequences [${counts}] for ${batch} prompts`, "Give a count, or one count per prompt.");
  }
  if (!Number.isInteger(maxNewTokens) || maxNewTokens < 1)
    throw invalid(`maxNewTokens ${maxNewTokens}`, "Give an integer >= 1.");
  const promptOf = counts.flatMap((count, prompt) => new Array<number>(count).fill(prompt));
  if (seeds && seeds.length !== promptOf.length)
    throw invalid(`${seeds.length} seeds for ${promptOf.length} rows`, "Give one seed per row.");
  const promptIds = (prompt: number) =>
    inputIds.subarray(prompt * length, (prompt + 1) * length).filter((_, t) => attentionMask[prompt * length + t]);
  return promptOf.map((prompt, row) => ({
    prompt,
    seed: seeds?.[row] ?? deriveSeed(seed, row),
    ids: [],
    logps: [],
    seen: new Set(repetitionPenalty === 1 ? [] : promptIds(prompt)),
    finished: false,
  }));
}
