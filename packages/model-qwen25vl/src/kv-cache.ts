// Shape suffixes: L prompt tokens, A active rows, S cache columns, K key/value heads, H head dim, d hidden size, V vocabulary.

import {
  dispose,
  gather,
  pad,
  reshape,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor1d,
  tensor2d,
  tidy,
  type Variable,
  variable,
} from "@tensorflow/tfjs-core";
import { attention, cacheWrite, linear, rmsNorm } from "@videor1/engine";
import { decoderLayer, type KeyValues } from "./decoder.ts";
import type { CheckedInputs } from "./inputs.ts";
import type { Network } from "./network.ts";

/** Preallocated keys and values of the active rows, [A, S, K, H] per layer, and which of them may be seen. */
export interface KvCache {
  layers: { k: Variable; v: Variable }[];
  /** int32 [A, S]: 0 at the prompts' padding; undefined if there is none. */
  keyMask: Tensor2D | undefined;
}

/**
 * Creates a cache that starts with the prompts' keys and values.
 *
 * @param keyValues - The prompts' keys and values, per layer.
 * @param promptOf - [A] prompt of each row.
 * @param room - Tokens that will be added.
 */
export function createKvCache(
  keyValues: readonly KeyValues[],
  prompts: CheckedInputs,
  promptOf: readonly number[],
  room: number,
): KvCache {
  const { length, attentionMask, padded } = prompts;
  return tidy(() => {
    const rows = tensor1d([...promptOf], "int32");
    const expand = (x_BLKH: Tensor4D) =>
      variable(
        pad(gather(x_BLKH, rows), [
          [0, 0],
          [0, room],
          [0, 0],
          [0, 0],
        ]),
        false,
      );
    const mask_AS = new Int32Array(promptOf.length * (length + room)).fill(1);
    promptOf.forEach((prompt, row) => {
      mask_AS.set(attentionMask.subarray(prompt * length, (prompt + 1) * length), row * (length + room));
    });
    return {
      layers: keyValues.map(({ k, v }) => ({ k: expand(k), v: expand(v) })),
      keyMask: padded ? tensor2d(mask_AS, [promptOf.length, length + room], "int32") : undefined,
    };
  });
}

/** Keeps only `rows`; the given cache is disposed. */
export function compactKvCache(cache: KvCache, rows: readonly number[]): KvCache {
  const compacted = tidy(() => {
    const index = tensor1d([...rows], "int32");
    const keep = (x: Variable) => variable(gather(x, index), false);
    return {
      layers: cache.layers.map(({ k, v }) => ({ k: keep(k), v: keep(v) })),
      keyMask: cache.keyMask && gather(cache.keyMask, index),
    };
  });
  disposeKvCache(cache);
  return compacted;
}

export function disposeKvCache({ layers, keyMask }: KvCache): void {
  for (const { k, v } of layers) dispose([k, v]);
  keyMask?.dispose();
}

/**
 * Decodes one more token per row; its keys and values enter the cache.
 *
 * @param ids - [A] the tokens.
 * @param positions - [3, A] their positions.
 * @param column - The cache column that they go to: the number of columns in use.
 * @returns Logits [A, V].
 */
export function decodeStep(
  network: Network,
  cache: KvCache,
  ids: Int32Array,
  positions: Int32Array,
  column: number,
): Tensor2D {
  const { config, weights, rotary, embed } = network;
  const A = ids.length;
  const seen = { causal: false, keyCount: column + 1, ...(cache.keyMask && { keyMask: cache.keyMask }) };
  return tidy(() => {
    const rope = rotary(positions, [A, 1], A);
    let x_A1d = reshape(embed(ids), [A, 1, -1]) as Tensor3D;
    weights.layers.forEach((w, i) => {
      const { k: keys, v: values } = cache.layers[i]!;
      x_A1d = decoderLayer(x_A1d, { ...w, ...rope }, config.text, {
        adapterScale: weights.adapterScale,
        attend(q, k, v) {
          cacheWrite(keys, k, column);
          cacheWrite(values, v, column);
          return attention(q, keys as unknown as Tensor4D, values as unknown as Tensor4D, seen);
        },
      });
    });
    const hidden = rmsNorm(x_A1d, weights.norm, config.text.rmsNormEps);
    return reshape(linear(hidden, weights.lmHead), [A, -1]);
  });
}
