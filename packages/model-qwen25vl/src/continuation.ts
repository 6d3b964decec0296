// Shapes: B prompts, V vocabulary.
import type { Tensor } from "@tensorflow/tfjs-core";
import type { KeyValues } from "./decoder.ts";
import type { GenerateOptions } from "./generate-options.ts";
import type { GenerationRow } from "./generation-rows.ts";
import type { CheckedInputs } from "./inputs.ts";
import type { Network } from "./network.ts";

/** The state from which a decode loop draws the tokens after the first. */
export interface Continuation {
  network: Network;
  prompts: CheckedInputs;
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
