// Shape suffixes: B prompts, L their tokens, R completions, C their tokens, d hidden size, n tokens that are asked for.

import {
  concat,
  gather,
  reshape,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  tensor2d,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { tokenLogps } from "@videor1/engine";
import { ModelInputError } from "./errors.ts";
import { checkTokenIds, type HostInputs } from "./inputs.ts";
import type { Network } from "./network.ts";

/** Completions of the prompts of a batch, right padded. */
export interface Completions {
  /** [R, C], row-major. */
  ids: Int32Array;
  /** [R] tokens of each completion, the rest is padding. */
  lengths: Int32Array;
  /** [R] the row of the prompts that each one completes. */
  promptOf: Int32Array;
}

/** One completion of each prompt, right padded with id 0 to the longest. */
export function completionsOf(rows: readonly (readonly number[])[]): Completions {
  const width = Math.max(...rows.map((row) => row.length));
  const ids = new Int32Array(rows.length * width);
  for (const [i, row] of rows.entries()) ids.set(row, i * width);
  const lengths = Int32Array.from(rows, (row) => row.length);
  return { ids, lengths, promptOf: Int32Array.from(rows, (_, i) => i) };
}

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
export function sequenceLogprobs(network: Network, inputs: HostInputs, options: LogprobOptions = {}): Logprobs {
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

/**
 * log p(completion token | prompt, earlier completion tokens). Each prompt, its images and videos run once, and its
 * keys and values serve all its completions; gradients flow through them.
 *
 * @param prompts - LEFT padded.
 * @returns [R, C]; 0 at padding.
 * @throws {ModelInputError} SHAPE, TOKEN_RANGE, or NO_PROMPT if promptOf is not a row of the prompts, or a prompt is not left padded.
 */
export function completionLogprobs(
  network: Network,
  prompts: HostInputs,
  completions: Completions,
  options: LogprobOptions = {},
): Logprobs {
  const { batch, length, attentionMask } = prompts;
  const { ids, lengths, promptOf } = completions;
  const R = lengths.length;
  const C = ids.length / R;
  checkCompletions(network, prompts, completions);
  return tidy(() => {
    const { hidden: last_B1d, keyValues, rope } = network.encode(prompts, { lastOnly: true });
    const firsts: number[] = []; // completions with at least one token: predicted by the prompt's last token
    const inner: number[] = []; // r * (C-1) + c: token c of completion r, which predicts token c+1
    for (let r = 0; r < R; r++) {
      if (lengths[r]) firsts.push(r);
      for (let c = 0; c + 1 < lengths[r]!; c++) inner.push(r * (C - 1) + c);
    }
    const predictors: Tensor2D[] = [flatten(last_B1d)];
    if (inner.length) {
      const T = Math.max(...lengths) - 1;
      const inputIds = new Int32Array(R * T);
      const positions = new Int32Array(3 * R * T);
      const keyMask = new Int32Array(R * (length + T)).fill(1);
      for (let r = 0; r < R; r++) {
        const prompt = promptOf[r]!;
        inputIds.set(ids.subarray(r * C, r * C + Math.min(T, lengths[r]!)), r * T);
        keyMask.set(attentionMask.subarray(prompt * length, (prompt + 1) * length), r * (length + T));
        for (let axis = 0; axis < 3; axis++)
          for (let t = 0; t < T; t++)
            positions[(axis * R + r) * T + t] = rope.nextPositions[axis * batch + prompt]! + t;
      }
      const { hidden } = network.decodeIds(inputIds, [R, T], {
        rope: network.rotary(positions, [R, T], R * T),
        keyMask: prompts.padded ? tensor2d(keyMask, [R, length + T], "int32") : undefined,
        earlier: { keyValues, rows: isIdentity(promptOf, batch) ? undefined : promptOf },
      });
      const rows = Int32Array.from(inner, (i) => Math.floor(i / (C - 1)) * T + (i % (C - 1)));
      predictors.push(gather(flatten(hidden), tensor1d(rows, "int32")));
    }
    const places = [...firsts.map((r) => r * C), ...inner.map((i) => Math.floor(i / (C - 1)) * C + (i % (C - 1)) + 1)];
    const rows = [...firsts.map((r) => promptOf[r]!), ...inner.map((_, i) => batch + i)];
    const targets = places.map((place) => ids[place]!);
    return pick(network, concat(predictors, 0), rows, targets, places, [R, C], options);
  });
}

const flatten = (x: Tensor3D): Tensor2D => reshape(x, [-1, x.shape[2]]);

const isIdentity = (index: ArrayLike<number>, size: number): boolean =>
  index.length === size && Array.from(index).every((value, i) => value === i);

/** The log-probabilities of `targets` predicted by rows of `hidden`, put at `places` of a [shape] matrix of zeros. */
function pick(
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

function checkCompletions(network: Network, prompts: HostInputs, { ids, lengths, promptOf }: Completions): void {
  const R = lengths.length;
  const C = ids.length / R;
  if (!R || promptOf.length !== R || !Number.isInteger(C) || lengths.some((length) => length < 0 || length > C)) {
    const what = `Completions with ${ids.length} ids, ${R} lengths (largest ${Math.max(...lengths)}), ${promptOf.length} promptOf`;
    throw new ModelInputError("SHAPE", what, "Give ids [R, C], lengths [R] of at most C, promptOf [R].");
  }
  const stray = promptOf.find((prompt) => prompt < 0 || prompt >= prompts.batch);
  if (stray !== undefined) {
    const what = `promptOf names prompt ${stray}, but the batch has ${prompts.batch}`;
    throw new ModelInputError("NO_PROMPT", what, "promptOf[r] is the row of the prompt that completion r continues.");
  }
  checkTokenIds(
    ids.filter((_, i) => i % C < lengths[Math.floor(i / C)]!),
    network.config,
  );
  checkLeftPadded(prompts);
}

/** @throws {ModelInputError} NO_PROMPT if some row does not end in a token. */
export function checkLeftPadded({ batch, length, attentionMask }: HostInputs): void {
  for (let b = 0; b < batch; b++) {
    if (attentionMask[(b + 1) * length - 1]) continue;
    throw new ModelInputError("NO_PROMPT", `Prompt ${b} ends in padding`, "Pad prompts on the left.", { row: b });
  }
}
