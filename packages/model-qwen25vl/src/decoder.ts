// Shape suffixes: B rows, T tokens, S keys, d hidden size, N query heads, K key/value heads, H head dim.

import {
  add,
  gather,
  type Rank,
  reshape,
  slice,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor1d,
} from "@tensorflow/tfjs-core";
import { attention, rmsNorm, rotaryEmbedding, varlenAttention } from "@videor1/engine";
import { adaptedLinear } from "./adapted-linear.ts";
import type { TextConfig } from "./config.ts";
import { gatedMlp, layer, type Observe } from "./layers.ts";
import type { PackedSequences } from "./packed-sequences.ts";
import type { ModelWeights, TextLayerWeights } from "./parameters.ts";
import type { RotaryTables } from "./rotary.ts";

/** A layer's rotated keys and its values, [B, S, K, H] each. */
export type KeyValues = { k: Tensor4D; v: Tensor4D };

export interface DecodeOptions {
  rope: RotaryTables;
  /** Recompute each layer in the backward pass. */
  recompute?: boolean;
  /** Sees `layer{i}` and `final_norm`. */
  observe?: Observe | undefined;
}

type DecoderWeights = Pick<ModelWeights, "layers" | "adapterScale" | "norm">;

/** Rows of tokens that may be padded. */
export interface DecodeRowsOptions extends DecodeOptions {
  /** int32 [B, T]: 1 = the key may be seen. Absent: all may. */
  keyMask?: Tensor2D | undefined;
  /** Compute the final hidden state of the last token only. */
  lastOnly?: boolean;
  /** Filled with the keys and values of the tokens, layer by layer. */
  keyValues: KeyValues[];
}

/**
 * The text model over embedded tokens: layers, then the final RMSNorm. A token sees the others of its row before it.
 *
 * @param x - [B, T, d] embedded.
 * @returns Hidden states [B, T, d] ([B, 1, d] with `lastOnly`).
 * @see huggingface/transformers v5.12.1 modeling_qwen2_5_vl.py `Qwen2_5_VLTextModel`
 */
export function decodeRows(
  x: Tensor3D,
  weights: DecoderWeights,
  config: TextConfig,
  { keyMask, lastOnly = false, keyValues, ...options }: DecodeRowsOptions,
): Tensor3D {
  const last = weights.layers.length - 1;
  const given = { ...options.rope, keyMask };
  return throughLayers(
    x,
    weights,
    config,
    options,
    given,
    ({ x, keyMask, ...w }, i) => {
      let own: KeyValues | undefined;
      const attend: Attend = (q, k, v) => {
        own = { k, v };
        return attention(q, k, v, { causal: true, ...(keyMask && { keyMask }) });
      };
      const asked = lastOnly && i === last ? lastToken : undefined;
      const y = decoderLayer(x, w, config, { adapterScale: weights.adapterScale, asked, attend });
      return [y, own!.k, own!.v];
    },
    ([k, v]) => keyValues.push({ k: k as Tensor4D, v: v as Tensor4D }),
  );
}

/**
 * The same over packed sequences, whose tokens see their own sequence and the one that it continues: each layer takes all
 * tokens at once, and its last the wanted ones alone.
 *
 * @param x - [1, P, d] embedded.
 * @returns Hidden states of the wanted tokens, [1, W, d].
 */
export function decodePacked(
  x: Tensor3D,
  weights: DecoderWeights,
  config: TextConfig,
  { sequences, ...options }: DecodeOptions & { sequences: PackedSequences },
): Tensor3D {
  const { cuSeqlens, prefixOf, wanted } = sequences;
  const last = weights.layers.length - 1;
  const isRange = wanted?.rows.every((row, i) => row === wanted.rows[0]! + i);
  const rows = wanted && !isRange ? tensor1d(wanted.rows, "int32") : undefined;
  const given = { ...options.rope, rows };
  return throughLayers(x, weights, config, options, given, ({ x, rows, ...w }, i) => {
    const isOfWanted = wanted !== undefined && i === last;
    const options = { causal: true, cuKeys: cuSeqlens, prefixOf };
    const attend: Attend = (q, k, v) => {
      const [q_PNH, k_SKH, v_SKH] = [q, k, v].map((x) => reshape<Rank.R3>(x, x.shape.slice(1) as Shape3)) as Three;
      const borders = isOfWanted ? wanted.cuSeqlens : cuSeqlens;
      return reshape<Rank.R4>(varlenAttention(q_PNH, k_SKH, v_SKH, borders, options), q.shape);
    };
    const asked = <T extends Tensor3D>(x: T): T =>
      rows ? gather(x, rows, 1) : (slice(x, [0, wanted!.rows[0]!, 0], [1, wanted!.rows.length, x.shape[2]]) as T);
    return [
      decoderLayer(x, w, config, { adapterScale: weights.adapterScale, asked: isOfWanted ? asked : undefined, attend }),
    ];
  });
}

type Shape3 = [number, number, number];
type Three = [Tensor3D, Tensor3D, Tensor3D];

/** x through all layers and the final norm; `others` takes what a layer gives besides its output. */
function throughLayers<Given extends Record<string, Tensor | undefined>>(
  x: Tensor3D,
  { layers, norm }: DecoderWeights,
  config: TextConfig,
  { recompute = false, observe }: DecodeOptions,
  given: Given,
  run: (tensors: TextLayerWeights & Given & { x: Tensor3D }, i: number) => Tensor[],
  others: (given: Tensor[]) => void = () => {},
): Tensor3D {
  for (const [i, w] of layers.entries()) {
    const [y, ...rest] = layer(recompute, (tensors) => run(tensors, i), { ...w, ...given, x });
    others(rest);
    if (i > 0) x.dispose();
    x = y as Tensor3D;
    observe?.(`layer${i}`, x);
  }
  const hidden = rmsNorm(x, norm, config.rmsNormEps);
  if (layers.length > 0) x.dispose();
  observe?.("final_norm", hidden);
  return hidden;
}

/** Takes rotated q [B, T, N, H], k and v [B, T, K, H] to the attention's output [B, T, N, H]. */
type Attend = (q: Tensor4D, k: Tensor4D, v: Tensor4D) => Tensor4D;

interface DecoderLayerOptions {
  adapterScale: number;
  /** The tokens that query, and are returned; the others still give keys and values. Default: all. */
  asked?: (<T extends Tensor3D>(x: T) => T) | undefined;
  attend: Attend;
}

/** x + attention(norm(x)), then x + mlp(norm(x)). */
export function decoderLayer(
  x_BTd: Tensor3D,
  w: TextLayerWeights & RotaryTables,
  config: TextConfig,
  { adapterScale, asked = (x) => x, attend }: DecoderLayerOptions,
): Tensor3D {
  const { numAttentionHeads: N, numKeyValueHeads: K, headDim: H, rmsNormEps } = config;
  const heads = (x: Tensor, count: number) => reshape<Rank.R4>(x, [x.shape[0]!, x.shape[1]!, count, H]);
  const normed = rmsNorm(x_BTd, w["input_layernorm.weight"], rmsNormEps);
  const k_BTKH = rotaryEmbedding(heads(adaptedLinear(normed, w, "self_attn.k_proj", adapterScale), K), w.cos, w.sin);
  const v_BTKH = heads(adaptedLinear(normed, w, "self_attn.v_proj", adapterScale), K);
  const q = adaptedLinear(asked(normed), w, "self_attn.q_proj", adapterScale);
  const attended_BTNH = attend(rotaryEmbedding(heads(q, N), asked(w.cos), asked(w.sin)), k_BTKH, v_BTKH);
  const [B, T] = attended_BTNH.shape;
  const output_BTd = adaptedLinear(reshape(attended_BTNH, [B, T, N * H]), w, "self_attn.o_proj", adapterScale);
  const y_BTd = add<Tensor3D>(asked(x_BTd), output_BTd);
  return add(y_BTd, gatedMlp(rmsNorm(y_BTd, w["post_attention_layernorm.weight"], rmsNormEps), w, adapterScale));
}

function lastToken<T extends Tensor3D>(x: T): T {
  const [B, length, size] = x.shape;
  return slice(x, [0, length - 1, 0], [B, 1, size]) as T;
}
