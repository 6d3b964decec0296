// The decode loop of one family of models: blocks that normalize before attention and MLP (RMSNorm), attention with grouped
// queries, biases on q, k and v and rotary embedding, an MLP gated by SiLU; then a sampler. Qwen2 and Qwen2.5 belong to it.
// Shape suffixes: A rows, B prompts, L prompt tokens, C own columns, T steps, K key/value heads, H head dim, d hidden size, V vocabulary.
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Variable } from "@tensorflow/tfjs-core";
import { hasKernel, runKernel } from "../fused.ts";

/** Weights and caches of a block: x += o(attention(inputNorm(x))), x += down(silu(gate(y)) * up(y)) with y = postNorm(x). */
export interface GqaBlock {
  inputNorm: Tensor1D;
  qWeight: Tensor2D;
  qBias: Tensor1D;
  kWeight: Tensor2D;
  kBias: Tensor1D;
  vWeight: Tensor2D;
  vBias: Tensor1D;
  oWeight: Tensor2D;
  postNorm: Tensor1D;
  gateWeight: Tensor2D;
  upWeight: Tensor2D;
  downWeight: Tensor2D;
  /** Low-rank terms of its linear layers, y += scale (x A^T) B^T. */
  adapters?: Partial<Record<AdaptedLinear, { a: Tensor2D; b: Tensor2D }>>;
  /** [B, L, K, H], shared by the rows of a prompt. */
  promptK: Tensor4D;
  promptV: Tensor4D;
  /** [A, C, K, H], written in place. */
  ownK: Variable;
  ownV: Variable;
}

const adaptedLinears = ["q", "k", "v", "o", "gate", "up", "down"] as const;
type AdaptedLinear = (typeof adaptedLinears)[number];

export interface GqaDecoder {
  embedding: Tensor2D; // [V, d]
  /** [d], after the last block. */
  norm: Tensor1D;
  head: Tensor2D; // [V, d]
  layers: readonly GqaBlock[];
  /** Scale of the adapters; default 1. */
  adapterScale?: number;
  /** Rotary tables [T, A, H / 2] of the tokens that the steps read. */
  cos: Tensor3D;
  sin: Tensor3D;
  /** int32 [B, L]: 1 = the key may be seen. */
  promptMask?: Tensor2D | undefined;
}

/** A completion that is being decoded. */
export interface DecodeRow {
  /** Index of its prompt, in [0, B). */
  prompt: number;
  /** The token that the first step reads. */
  lastId: number;
  finished: boolean;
  /** The row's Philox key. */
  seed: readonly [low: number, high: number];
  /** The ids that the repetition penalty applies to. */
  seen: Iterable<number>;
}

/** How a token is drawn from the logits, in the order of transformers: penalty, temperature, top-k, top-p. */
export interface Sampling {
  /** False takes the most likely token. */
  doSample: boolean;
  temperature: number;
  topP: number;
  /** Number of most likely tokens that may be drawn; 0 is all. */
  topK: number;
  repetitionPenalty: number;
}

export interface DecodeOptions {
  /** Rows of one prompt lie together. */
  rows: readonly DecodeRow[];
  queryHeads: number;
  kvHeads: number;
  eps: number;
  /** Own columns that are written already. */
  column: number;
  /** Counter of the first draw. */
  firstDraw: number;
  stopIds: readonly number[];
  sampling: Sampling;
}

/** Whether the backend has the kernel of `decodeGqaSteps`; there is no form of it from tfjs ops. */
export const canDecodeGqaSteps = (): boolean => hasKernel("DecodeSteps");

/**
 * Runs up to T steps of a decoder without a return to JavaScript between them: each runs the blocks over one token per row,
 * writes its keys and values, and draws the next token. The loop ends once every row has drawn a stop id, or after as many
 * steps as the backend makes at a time: call it again for the rest.
 *
 * @returns int32 ids [T', A], -1 where the row had ended before, and logps [T', A] under the model itself; 1 <= T' <= T.
 */
export function decodeGqaSteps(decoder: GqaDecoder, options: DecodeOptions): { ids: Tensor2D; logps: Tensor2D } {
  const { embedding, norm, head, layers, adapterScale = 1, cos, sin, promptMask } = decoder;
  const { rows, sampling, ...settings } = options;
  const ofLayers = layers.flatMap((layer): Tensor[] => layerOrder.map((name) => layer[name]));
  const ofAdapters = layers.flatMap(adapterTensors);
  const adapters = ofAdapters.some((x) => x !== undefined) ? ofAdapters : [];
  const given = adapters.filter((x) => x !== undefined);
  const tensors = [embedding, norm, head, cos, sin, ...ofLayers, ...(promptMask ? [promptMask] : []), ...given];
  const seen = sampling.repetitionPenalty === 1 ? [] : rows.map((row) => [...row.seen]);
  const [ids, logps] = runKernel<[Tensor2D, Tensor2D]>("DecodeSteps", tensors, {
    ...settings,
    ...sampling,
    layers: layers.length,
    adapters: adapters.map((x) => Number(x !== undefined)),
    adapterScale,
    stopIds: [...options.stopIds],
    promptOf: rows.map(({ prompt }) => prompt),
    lastIds: rows.map(({ lastId }) => lastId),
    finished: rows.map(({ finished }) => Number(finished)),
    seeds: rows.flatMap(({ seed }) => seed),
    seen: seen.flatMap((ids) => [ids.length, ...ids]),
  });
  return { ids, logps };
}

/** A and B of every linear layer that may have them. */
const adapterTensors = ({ adapters = {} }: GqaBlock): (Tensor | undefined)[] =>
  adaptedLinears.flatMap((name) => [adapters[name]?.a, adapters[name]?.b]);

/** The order of a layer's tensors in the kernel's inputs. */
const layerOrder = [
  "inputNorm",
  "qWeight",
  "qBias",
  "kWeight",
  "kBias",
  "vWeight",
  "vBias",
  "oWeight",
  "postNorm",
  "gateWeight",
  "upWeight",
  "downWeight",
  "promptK",
  "promptV",
  "ownK",
  "ownV",
] as const satisfies readonly (keyof Omit<GqaBlock, "adapters">)[];
