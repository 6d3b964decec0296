// Shape suffixes: B rows, T tokens, S keys, d hidden size, N query heads, K key/value heads, H head dim.

import {
  add,
  concat,
  gather,
  type Rank,
  reshape,
  slice,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { attention, linear, rmsNorm, rotaryEmbedding } from "@videor1/engine";
import type { TextConfig } from "./config.ts";
import { gatedMlp, layer, type Observe } from "./layers.ts";
import type { ModelWeights, TextLayerWeights } from "./parameters.ts";
import type { RotaryTables } from "./rotary.ts";

/** A layer's rotated keys and its values, [B, S, K, H] each. */
export type KeyValues = { k: Tensor4D; v: Tensor4D };

export interface DecodeOptions {
  rope: RotaryTables;
  /** int32 [B, S]: 1 = the key may be seen; S counts earlier keys too. Absent: all may. */
  keyMask?: Tensor2D | undefined;
  /** Keys and values that come before x, per layer, and which of their rows each row of x continues. */
  earlier?: { keyValues: readonly KeyValues[]; rows: Tensor1D | null } | undefined;
  /** Compute the final hidden state of the last token only. */
  lastOnly?: boolean;
  /** Recompute each layer in the backward pass. */
  recompute?: boolean;
  /** Sees `layer{i}` and `final_norm`. */
  observe?: Observe | undefined;
}

/**
 * The text model over embedded tokens: layers, then the final RMSNorm.
 *
 * @param x_BTd - Embedded tokens. T queries see the earlier keys and, causally, one another.
 * @returns Hidden states [B, T, d] ([B, 1, d] with `lastOnly`) and the keys and values of x, per layer.
 * @see huggingface/transformers v5.12.1 modeling_qwen2_5_vl.py `Qwen2_5_VLTextModel`
 */
export function decode(
  x_BTd: Tensor3D,
  { layers, norm }: Pick<ModelWeights, "layers" | "norm">,
  config: TextConfig,
  { rope, keyMask, earlier, lastOnly = false, recompute = false, observe }: DecodeOptions,
): { hidden: Tensor3D; keyValues: KeyValues[] } {
  const keyValues: KeyValues[] = [];
  const mask = keyMask ? { keyMask } : {};
  let x = x_BTd;
  layers.forEach((weights, i) => {
    const onlyLast = lastOnly && i === layers.length - 1;
    const run = (x: Tensor, w: TextLayerWeights, before: Tensor[]): Tensor[] => {
      let own: KeyValues | undefined;
      const y = decoderLayer(x as Tensor3D, w, config, rope, onlyLast, (q, k, v) => {
        own = { k, v };
        const [keys, values] = [k, v].map((x, j) => (before[j] ? concat([rowsOf(before[j], earlier!.rows), x], 1) : x));
        return attention(q, keys as Tensor4D, values as Tensor4D, { causal: true, ...mask });
      });
      return [y, own!.k, own!.v];
    };
    const before = earlier?.keyValues[i];
    const [y, k, v] = layer(recompute, run, x, weights, before ? [before.k, before.v] : []);
    x = y as Tensor3D;
    keyValues.push({ k: k as Tensor4D, v: v as Tensor4D });
    observe?.(`layer${i}`, x);
  });
  const hidden = rmsNorm(x, norm, config.rmsNormEps);
  observe?.("final_norm", hidden);
  return { hidden, keyValues };
}

const rowsOf = (x: Tensor, rows: Tensor1D | null): Tensor => (rows ? gather(x, rows) : x);

/**
 * x + attention(norm(x)), then x + mlp(norm(x)).
 *
 * @param onlyLast - Query, and return, the last token alone; the others still give keys and values.
 * @param attend - Takes rotated q [B, T, N, H], k and v [B, T, K, H] of x to the attention's output [B, T, N, H].
 */
export function decoderLayer(
  x_BTd: Tensor3D,
  w: TextLayerWeights,
  config: TextConfig,
  { cos, sin }: RotaryTables,
  onlyLast: boolean,
  attend: (q: Tensor4D, k: Tensor4D, v: Tensor4D) => Tensor4D,
): Tensor3D {
  const { numAttentionHeads: N, numKeyValueHeads: K, headDim: H, rmsNormEps } = config;
  const heads = (x: Tensor, count: number) => reshape<Rank.R4>(x, [x.shape[0]!, x.shape[1]!, count, H]);
  const normed = rmsNorm(x_BTd, w["input_layernorm.weight"], rmsNormEps);
  const k_BTKH = rotaryEmbedding(
    heads(linear(normed, w["self_attn.k_proj.weight"], w["self_attn.k_proj.bias"]), K),
    cos,
    sin,
  );
  const v_BTKH = heads(linear(normed, w["self_attn.v_proj.weight"], w["self_attn.v_proj.bias"]), K);
  const asked = <T extends Tensor3D>(x: T): T => (onlyLast ? lastToken(x) : x);
  const q = linear(asked(normed), w["self_attn.q_proj.weight"], w["self_attn.q_proj.bias"]);
  const attended_BTNH = attend(rotaryEmbedding(heads(q, N), asked(cos), asked(sin)), k_BTKH, v_BTKH);
  const [B, T] = attended_BTNH.shape;
  const output_BTd = linear(reshape(attended_BTNH, [B, T, N * H]), w["self_attn.o_proj.weight"]);
  const y_BTd = add<Tensor3D>(asked(x_BTd), output_BTd);
  return add(y_BTd, gatedMlp(rmsNorm(y_BTd, w["post_attention_layernorm.weight"], rmsNormEps), w));
}

function lastToken<T extends Tensor3D>(x: T): T {
  const [B, length, size] = x.shape;
  return slice(x, [0, length - 1, 0], [B, 1, size]) as T;
}
