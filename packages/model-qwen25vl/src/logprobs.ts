// Shape suffixes: B rows, L tokens of a row, d hidden size, n requested tokens.

import { concat, fill, gather, reshape, type Tensor1D, type Tensor2D, tensor1d, tidy } from "@tensorflow/tfjs-core";
import { tokenLogps } from "@videor1/engine";
import { ModelInputError } from "./errors.ts";
import type { CheckedInputs } from "./inputs.ts";
import type { Network } from "./network.ts";
import { tokensOf } from "./packed-sequences.ts";

export interface LogprobOptions {
  /** Logits are divided by it. */
  temperature?: number;
  /** Rows of logits that exist at a time. */
  chunkSize?: number;
}

/** 0 at padding. */
export type Logprobs = {
  /** Log-probability of each token after its predecessors, in nats. */
  logps: Tensor2D;
  /** Entropy of the distribution it was drawn from, in nats; data, no gradient. */
  entropy: Tensor2D;
};

/**
 * log p(ids[t+1] | ids[..t]) of whole sequences.
 *
 * @returns [B, L-1]; 0 where token t or t+1 is padding.
 */
export function sequenceLogprobs(network: Network, inputs: CheckedInputs, options: LogprobOptions = {}): Logprobs {
  const { batch, length, inputIds, attentionMask } = inputs;
  if (length < 2)
    throw new ModelInputError("SHAPE", "Sequences of one token have no next token", "Give at least two tokens.");
  return tidy(() => {
    const hidden = network.encodePacked(inputs);
    const { places: tokens, cuSeqlens } = tokensOf(inputs);
    const rows: number[] = [];
    const places: number[] = [];
    for (let b = 0; b < batch; b++) {
      for (let row = cuSeqlens[b]!; row + 1 < cuSeqlens[b + 1]!; row++) {
        const token = tokens[row]!;
        if (!attentionMask[token + 1]) continue;
        rows.push(row);
        places.push(token - b);
      }
    }
    const targets = rows.map((row) => inputIds[tokens[row]! + 1]!);
    return pick(network, hidden, rows, targets, places, [batch, length - 1], options);
  });
}

export const isIdentity = (index: ArrayLike<number>, size: number): boolean =>
  index.length === size && Array.from(index).every((value, i) => value === i);

/** The log-probabilities of `targets` predicted by rows of `hidden`, put at `places` of a [shape] matrix of zeros. */
export function pick(
  network: Network,
  hidden: Tensor2D,
  rows: number[],
  targets: number[],
  places: number[],
  shape: [number, number],
  options: LogprobOptions,
): Logprobs {
  if (!rows.length) return { logps: fill(shape, 0), entropy: fill(shape, 0) };
  const chosen_nd = isIdentity(rows, hidden.shape[0]) ? hidden : gather(hidden, tensor1d(rows, "int32"));
  const { logps, entropy } = tokenLogps(chosen_nd, network.weights.lmHead, tensor1d(targets, "int32"), options);
  const size = shape[0] * shape[1];
  const spread = (values_n: Tensor1D): Tensor2D => {
    if (isIdentity(places, size)) return reshape(values_n, shape);
    const source = new Int32Array(size).fill(rows.length); // the zero after the values
    places.forEach((place, i) => {
      source[place] = i;
    });
    return reshape(gather(concat([values_n, fill([1], 0)]), tensor1d(source, "int32")), shape);
  };
  return { logps: spread(logps), entropy: spread(entropy) };
}
