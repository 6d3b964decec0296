import type { GqaBlock, GqaDecoder } from "@videor1/engine";
import type { Network } from "./network.ts";
import { type TextLayerWeights, type TextLinear, textLinears } from "./parameters.ts";

/** The text model as the engine's decode session takes it. */
export function gqaDecoder({ config: { text }, weights }: Network): GqaDecoder {
  return {
    embedding: weights.embedTokens,
    norm: weights.norm,
    head: weights.lmHead,
    layers: weights.layers.map(gqaBlock),
    adapterScale: weights.adapterScale,
    queryHeads: text.numAttentionHeads,
    kvHeads: text.numKeyValueHeads,
    eps: text.rmsNormEps,
  };
}

const shortNames = {
  "self_attn.q_proj": "q",
  "self_attn.k_proj": "k",
  "self_attn.v_proj": "v",
  "self_attn.o_proj": "o",
  "mlp.gate_proj": "gate",
  "mlp.up_proj": "up",
  "mlp.down_proj": "down",
} as const satisfies Record<TextLinear, string>;

const gqaBlock = (w: TextLayerWeights): GqaBlock => ({
  inputNorm: w["input_layernorm.weight"],
  qWeight: w["self_attn.q_proj.weight"],
  qBias: w["self_attn.q_proj.bias"],
  kWeight: w["self_attn.k_proj.weight"],
  kBias: w["self_attn.k_proj.bias"],
  vWeight: w["self_attn.v_proj.weight"],
  vBias: w["self_attn.v_proj.bias"],
  oWeight: w["self_attn.o_proj.weight"],
  postNorm: w["post_attention_layernorm.weight"],
  gateWeight: w["mlp.gate_proj.weight"],
  upWeight: w["mlp.up_proj.weight"],
  downWeight: w["mlp.down_proj.weight"],
  adapters: Object.fromEntries(
    textLinears.flatMap((name) => {
      const [a, b] = [w[`${name}.lora_A.weight`], w[`${name}.lora_B.weight`]];
      return a && b ? [[shortNames[name], { a, b }]] : [];
    }),
  ),
});
