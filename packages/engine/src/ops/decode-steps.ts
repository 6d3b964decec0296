// Shape suffixes: A rows, B prompts, L prompt tokens, C own columns, T steps, K key/value heads, H head dim, d hidden size, V vocabulary.
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Variable } from "@tensorflow/tfjs-core";
import { hasKernel, runKernel } from "../fused.ts";

/** A pre-norm decoder layer with grouped heads and a gated MLP, and its caches. */
export interface DecodeLayer {
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
  /** [B, L, K, H], shared by the rows of a prompt. */
  promptK: Tensor4D;
  promptV: Tensor4D;
  /** [A, C, K, H], written in place. */
  ownK: Variable;
  ownV: Variable;
}

export interface DecodeInputs {
  embedding: Tensor2D; // [V, d]
  norm: Tensor1D; // [d]
  head: Tensor2D; // [V, d]
  layers: readonly DecodeLayer[];
  /** Rotary tables [T, A, H / 2] of the tokens that the steps read. */
  cos: Tensor3D;
  sin: Tensor3D;
  /** int32 [B, L]: 1 = the key may be seen. */
  promptMask?: Tensor2D | undefined;
}

export interface DecodeRow {
  prompt: number;
  /** The token that the first step reads. */
  lastId: number;
  finished: boolean;
  /** The row's Philox key. */
  seed: readonly [low: number, high: number];
  /** Ids that the repetition penalty applies to. */
  seen: Iterable<number>;
}

export interface DecodeOptions {
  /** Rows of one prompt lie together. */
  rows: readonly DecodeRow[];
  queryHeads: number;
  kvHeads: number;
  eps: number;
  /** Own columns in use. */
  column: number;
  /** Counter of the first draw. */
  firstDraw: number;
  stopIds: readonly number[];
  doSample: boolean;
  temperature: number;
  topP: number;
  topK: number;
  repetitionPenalty: number;
}

/** Whether the backend runs a whole decode loop by itself. */
export const canDecodeSteps = (): boolean => hasKernel("DecodeSteps");

/**
 * Up to T steps of a decoder, without a return to JavaScript between them: each runs the layers over one token per row,
 * writes its keys and values, and draws the next token. It ends once every row has drawn a stop id, or after as many steps as
 * the backend makes at a time: call it again for the rest.
 *
 * @returns int32 ids [T', A], -1 where the row had ended before, and logps [T', A] under the model itself; 1 <= T' <= T.
 */
export function decodeSteps(inputs: DecodeInputs, options: DecodeOptions): { ids: Tensor2D; logps: Tensor2D } {
  const { embedding, norm, head, layers, cos, sin, promptMask } = inputs;
  const { rows, ...settings } = options;
  const ofLayers = layers.flatMap((layer): Tensor[] => layerOrder.map((name) => layer[name]));
  const tensors = [embedding, norm, head, cos, sin, ...ofLayers, ...(promptMask ? [promptMask] : [])];
  const seen = settings.repetitionPenalty === 1 ? [] : rows.map((row) => [...row.seen]);
  const [ids, logps] = runKernel<[Tensor2D, Tensor2D]>("DecodeSteps", tensors, {
    ...settings,
    layers: layers.length,
    stopIds: [...options.stopIds],
    promptOf: rows.map(({ prompt }) => prompt),
    lastIds: rows.map(({ lastId }) => lastId),
    finished: rows.map(({ finished }) => Number(finished)),
    seeds: rows.flatMap(({ seed }) => seed),
    seen: seen.flatMap((ids) => [ids.length, ...ids]),
  });
  return { ids, logps };
}

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
] as const satisfies readonly (keyof DecodeLayer)[];
