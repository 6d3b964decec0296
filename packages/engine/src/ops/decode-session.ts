// Decoding as a session, for one family of models: blocks that normalize before attention and MLP (RMSNorm), attention with
// grouped queries, biases on q, k and v and rotary embedding, an MLP gated by SiLU; then a sampler. Qwen2 and Qwen2.5 belong to it.
// Shape suffixes: L tokens of a prompt, T tokens of a row, F half a head dim, K key/value heads, H head dim, d hidden size, V vocabulary.
import type { Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs-core";

/** Weights of a block: x += o(attention(inputNorm(x))), x += down(silu(gate(y)) * up(y)) with y = postNorm(x). */
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
}

export type AdaptedLinear = "q" | "k" | "v" | "o" | "gate" | "up" | "down";

export interface GqaDecoder {
  embedding: Tensor2D; // [V, d]
  /** [d], after the last block. */
  norm: Tensor1D;
  head: Tensor2D; // [V, d]
  layers: readonly GqaBlock[];
  /** Scale of the adapters; default 1. */
  adapterScale?: number;
  queryHeads: number;
  kvHeads: number;
  /** Of the norms. */
  eps: number;
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

/** What a session has room for. */
export interface DecodeRoom {
  /** Rows at a time. */
  slots: number;
  /** Tokens of a row, T at most. */
  tokens: number;
  /** Prompts at a time, and their tokens in all. */
  prompts: number;
  promptTokens: number;
}

export interface DecodeOptions extends DecodeRoom {
  /** The tokens that end a row. */
  stopIds: readonly number[];
  sampling: Sampling;
}

/** A prompt that rows may continue. The session copies what it keeps: the caller's tensors stay the caller's. */
export interface DecodePrompt {
  /** Rotated keys and values of a layer, [L, K, H] each, without padding. */
  keyValues: readonly { k: Tensor3D; v: Tensor3D }[];
  /** [V] after its last token: from them each of its rows draws its first token. */
  logits: Tensor1D;
  /** Rotary tables [T, F] of the tokens that follow it: row n is read by token n, from 0, of each of its rows. */
  cos: Tensor2D;
  sin: Tensor2D;
  /** The ids that the repetition penalty applies to from the start; read only with a penalty. */
  seen: Iterable<number>;
}

export interface DecodeRow {
  /** What `addPrompt` gave. */
  prompt: number;
  /** The row's Philox key; its n-th draw, from 0, has counter n. */
  seed: readonly [low: number, high: number];
}

export interface EndedRow {
  /** What `addRows` gave. */
  row: number;
  /** The tokens drawn, the stop id included. */
  ids: Int32Array;
  /** Their log-probabilities under the model itself (temperature 1, nothing cut off, no penalty), in nats. */
  logps: Float32Array;
  /** It drew a stop id; false: it has as many tokens as there is room for. */
  finished: boolean;
}

/**
 * Rows that are decoded together, each at its own length. Their state lives where the weights live: a step needs nothing
 * from JavaScript, and what a row draws depends on its prompt and its seed alone.
 */
export interface DecodeSession {
  /** Slots without a row. */
  readonly free: number;
  /** Rows that have not ended. */
  readonly active: number;
  /** @returns Its number, for `addRows` and `dropPrompt`. @throws {RangeError} If there is no room. */
  addPrompt(prompt: DecodePrompt): number;
  /**
   * Puts rows into free slots and draws the first token of each.
   *
   * @returns Their numbers: they count up from 0 in the order of adding. @throws {RangeError} If there are not as many free slots.
   */
  addRows(rows: readonly DecodeRow[]): number[];
  /**
   * Draws up to `tokens` further tokens of each active row. It may return earlier when rows have ended.
   *
   * @returns The rows that have ended since the last call, in no order; their slots are free again.
   * @throws The backend's error with code NON_FINITE_LOGITS if a token cannot be drawn; close the session then.
   */
  step(tokens: number): Promise<EndedRow[]>;
  /** Frees the slots of rows that have not ended. */
  dropRows(rows: readonly number[]): void;
  /** Makes room for other prompts. @throws {RangeError} If a row still continues it. */
  dropPrompt(prompt: number): void;
  /** Frees everything; the weights are the caller's. */
  close(): void;
}
