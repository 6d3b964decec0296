// Shapes: B prompts, V vocabulary.
import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import { linear } from "@videor1/engine";
import type { KeyValues } from "./decoder.ts";
import type { CheckedInputs } from "./inputs.ts";
import type { Network } from "./network.ts";

/** What decoding needs of prompts; its tensors are the caller's. */
export interface Prefilled {
  /** [B, 1, V] of the first new token. */
  logits: Tensor;
  /** Per layer. */
  keyValues: KeyValues[];
  /** [3, B] positions of the first new tokens. */
  nextPositions: Int32Array;
}

/** Runs prompts once. */
export function prefill(network: Network, prompts: CheckedInputs): Prefilled {
  let nextPositions: Int32Array = new Int32Array();
  const kept = tidy(() => {
    const { hidden, keyValues, rope } = network.encode(prompts, { lastOnly: true });
    nextPositions = rope.nextPositions;
    return { logits: linear(hidden, network.weights.lmHead), keyValues };
  });
  return { ...kept, nextPositions };
}
