// Shapes: B prompts, R completions.
import type { SamplingOptions } from "./sampling.ts";

export interface GenerateOptions extends SamplingOptions {
  /** Tokens of a completion, at most. */
  maxNewTokens: number;
  /** Completions of every prompt, or [B] of each. Default 1. */
  numReturnSequences?: number | readonly number[];
  /** Seed of the batch; row r draws from a seed derived from it and r. Default 0. */
  seed?: number;
  /** [R] a seed per row instead: what a row draws then depends on its own seed alone. */
  seeds?: readonly number[];
  /** Tokens that end a completion. Default: those of the generation config. */
  eosTokenIds?: readonly number[];
  /** Rows that are decoded at a time; when one ends, the next takes its place. Default: all. */
  maxRows?: number;
  /** Called once for each completion when it ends, in whatever order they end, while the others go on. */
  onRow?: (row: GeneratedRow) => void;
  /**
   * Stops the generation: it rejects with the signal's reason. The signal is read before each token, or, where the backend
   * draws several tokens in one call, before each call.
   */
  signal?: AbortSignal;
}

/** A completion that has ended. */
export interface GeneratedRow {
  /** Its place in the `Generation`: those of prompt 0 come first. */
  row: number;
  /** Row of its prompt. */
  prompt: number;
  /** Token ids, the ending token included. */
  ids: Int32Array;
  /** As in `Generation`. */
  logps: Float32Array;
  /** It ended by an end token, not by maxNewTokens. */
  finished: boolean;
}

/** R completions, those of prompt 0 first. */
export interface Generation {
  /** [R] token ids, the ending token included. */
  sequences: Int32Array[];
  /** [R] row of the prompt. */
  promptOf: Int32Array;
  /** [R] ended by an end token, not by maxNewTokens. */
  finished: boolean[];
  /** [R] log-probability of each token under the model itself (temperature 1, nothing cut off), in nats. */
  logps: Float32Array[];
}
