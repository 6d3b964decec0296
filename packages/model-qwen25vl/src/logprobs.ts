// Shape suffixes: B rows, L tokens of a row, d hidden size, n requested tokens.

import {
  concat,
  gather,
  reshape,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { tokenLogps } from "@videor1/engine";
import { ModelInputError } from "./errors.ts";
import type { CheckedInputs } from "./inputs.ts";
import type { Network } from "./network.ts";

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
    const { hidden } = network.encode(inputs);
    const rows: number[] = [];
    const places: number[] = [];
    for (let b = 0; b < batch; b++) {
      for (let t = 0; t + 1 < length; t++) {
        const i = b * length + t;
        if (!attentionMask[i] || !attentionMask[i + 1]) continue;
        rows.push(i);
        places.push(b * (length - 1) + t);
      }
    }
    const targets = rows.map((i) => inputIds[i + 1]!);
    return pick(network, flatten(hidden), rows, targets, places, [batch, length - 1], options);
  });
}

/** [B, T, d] to [B * T, d]. */
export const flatten = (x: Tensor3D): Tensor2D => reshape(x, [-1, x.shape[2]]);

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
  if (!rows.length) return { logps: zeros(shape), entropy: zeros(shape) };
  const chosen_nd = isIdentity(rows, hidden.shape[0]) ? hidden : gather(hidden, tensor1d(rows, "int32"));
  const { logps, entropy } = tokenLogps(chosen_nd, network.weights.lmHead, tensor1d(targets, "int32"), options);
  const size = shape[0] * shape[1];
  const spread = (values_n: Tensor1D): Tensor2D => {
    if (isIdentity(places, size)) return reshape(values_n, shape);
    const source = new Int32Array(size).fill(rows.length); // the zero after the values
    places.forEach((place, i) => {
      source[place] = i;
    });
    return reshape(gather(concat([values_n, zeros([1])]), tensor1d(source, "int32")), shape);
  };
  return { logps: spread(logps), entropy: spread(entropy) };
}
