// Shape suffixes: B rows, T tokens, S keys, d hidden size, N query heads, K key/value heads, H head dim.

import {
  add,
  concat,
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
import { attention, rmsNorm, rotaryEmbedding } from "@videor1/engine";
import { adaptedLinear } from "./adapted-linear.ts";
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
  earlier?: { keyValues: readonly KeyValues[]; rows: Int32Array | undefined } | undefined;
  /** Compute the final hidden state of the last token only. */
  lastOnly?: boolean;
  /** Recompute each layer in the backward pass. */
  recompute?: boolean;
  /** Sees `layer{i}` and `final_norm`. */
  observe?: Observe | undefined;
}

type LayerTensors = TextLayerWeights &
  RotaryTables & { x: Tensor3D } & Partial<{
    keyMask: Tensor2D | undefined;
    earlierK: Tensor4D;
    earlierV: Tensor4D;
  }>;

/** Tokens on their way through the layers. */
export interface DecoderPass extends DecodeOptions {
  /** [B, T, d] embedded. T queries see the earlier keys and, causally, one another. */
  x: Tensor3D;
  /** Filled with the keys and values of x, layer by layer. */
  keyValues: KeyValues[];
}

type DecoderWeights = Pick<ModelWeights, "layers" | "adapterScale" | "norm">;

/**
 * The text model over embedded tokens: layers, then the final RMSNorm. Each layer takes all passes before the next layer, so that
 * the gradient of its weights is complete once the backward pass has left it. A pass may continue one before it, whose
 * `keyValues` are then its `earlier.keyValues`.
 *
 * @returns Hidden states of each pass, [B, T, d] ([B, 1, d] with `lastOnly`).
 * @see huggingface/transformers v5.12.1 modeling_qwen2_5_vl.py `Qwen2_5_VLTextModel`
 */
export function decode(passes: readonly DecoderPass[], weights: DecoderWeights, config: TextConfig): Tensor3D[] {
  const { layers, norm } = weights;
  const xs = passes.map(({ x }) => x);
  for (const i of layers.keys()) {
    for (const [p, pass] of passes.entries()) {
      const x = xs[p]!;
      xs[p] = decodeLayer({ ...pass, x }, i, weights, config);
      if (i > 0) x.dispose();
      pass.observe?.(`layer${i}`, xs[p]);
    }
  }
  return passes.map(({ observe }, p) => {
    const hidden = rmsNorm(xs[p]!, norm, config.rmsNormEps);
    if (layers.length > 0) xs[p]!.dispose();
    observe?.("final_norm", hidden);
    return hidden;
  });
}

/** Takes a pass through layer `i`: its output, and its keys and values into `keyValues`. */
function decodeLayer(
  { x, rope, keyMask, earlier, keyValues, lastOnly = false, recompute = false }: DecoderPass,
  i: number,
  { layers, adapterScale }: DecoderWeights,
  config: TextConfig,
): Tensor3D {
  const onlyLast = lastOnly && i === layers.length - 1;
  const run = ({ x, keyMask, earlierK, earlierV, ...w }: LayerTensors): Tensor[] => {
    let own: KeyValues | undefined;
    const attend: Attend = (q, k, v) => {
      own = { k, v };
      const options = { causal: true, ...(keyMask && { keyMask }) };
      if (!earlierK || !earlierV) return attention(q, k, v, options);
      const before = (x: Tensor4D) => (earlier?.rows ? gather(x, tensor1d(earlier.rows, "int32")) : x);
      return attention(q, concat([before(earlierK), k], 1), concat([before(earlierV), v], 1), options);
    };
    const y = decoderLayer(x, w, config, { adapterScale, onlyLast, attend });
    return [y, own!.k, own!.v];
  };
  const before = earlier && { earlierK: earlier.keyValues[i]!.k, earlierV: earlier.keyValues[i]!.v };
  const [y, k, v] = layer(recompute, run, { ...layers[i]!, ...rope, ...before, keyMask, x });
  keyValues.push({ k: k as Tensor4D, v: v as Tensor4D });
  return y as Tensor3D;
}

/** Takes rotated q [B, T, N, H], k and v [B, T, K, H] to the attention's output [B, T, N, H]. */
type Attend = (q: Tensor4D, k: Tensor4D, v: Tensor4D) => Tensor4D;

interface DecoderLayerOptions {
  adapterScale: number;
  /** Query, and return, the last token alone; the others still give keys and values. Default false. */
  onlyLast?: boolean;
  attend: Attend;
}

/** x + attention(norm(x)), then x + mlp(norm(x)). */
export function decoderLayer(
  x_BTd: Tensor3D,
  w: TextLayerWeights & RotaryTables,
  config: TextConfig,
  { adapterScale, onlyLast = false, attend }: DecoderLayerOptions,
): Tensor3D {
  const { numAttentionHeads: N, numKeyValueHeads: K, headDim: H, rmsNormEps } = config;
  const heads = (x: Tensor, count: number) => reshape<Rank.R4>(x, [x.shape[0]!, x.shape[1]!, count, H]);
  const normed = rmsNorm(x_BTd, w["input_layernorm.weight"], rmsNormEps);
  const k_BTKH = rotaryEmbedding(heads(adaptedLinear(normed, w, "self_attn.k_proj", adapterScale), K), w.cos, w.sin);
  const v_BTKH = heads(adaptedLinear(normed, w, "self_attn.v_proj", adapterScale), K);
  const asked = <T extends Tensor3D>(x: T): T => (onlyLast ? lastToken(x) : x);
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
