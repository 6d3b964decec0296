import { expect, test } from "vitest";
import { parseConfig } from "./config.ts";
import { hubName, parameterName, parameterShapes } from "./parameters.ts";

test.each([
  ["visual.blocks.3.attn.qkv.bias", "model.visual.blocks.3.attn.qkv.bias"],
  ["model.layers.0.mlp.up_proj.weight", "model.language_model.layers.0.mlp.up_proj.weight"],
  ["model.embed_tokens.weight", "model.language_model.embed_tokens.weight"],
  ["model.norm.weight", "model.language_model.norm.weight"],
  ["lm_head.weight", "lm_head.weight"],
])("%s is %s", (hub, name) => {
  expect(parameterName(hub)).toBe(name);
  expect(parameterName(name)).toBe(name);
  expect(hubName(name)).toBe(hub);
});

test.each([
  [
    "3B",
    {
      hidden_size: 2048,
      intermediate_size: 11008,
      num_hidden_layers: 36,
      num_attention_heads: 16,
      num_key_value_heads: 2,
      vocab_size: 151936,
      tie_word_embeddings: true,
    },
    824,
    3_754_622_976,
  ],
  [
    "7B",
    {
      hidden_size: 3584,
      intermediate_size: 18944,
      num_hidden_layers: 28,
      num_attention_heads: 28,
      num_key_value_heads: 4,
      vocab_size: 152064,
      tie_word_embeddings: false,
    },
    729,
    8_292_166_656,
  ],
])("the %s model has %j: %i tensors, %i parameters", (_, text, tensors, parameters) => {
  const rope_scaling = { type: "mrope", mrope_section: [16, 24, 24] };
  const shapes = Object.values(parameterShapes(parseConfig({ model_type: "qwen2_5_vl", ...text, rope_scaling })));
  expect(shapes.length).toBe(tensors);
  expect(shapes.reduce((sum, shape) => sum + shape.reduce((size, length) => size * length, 1), 0)).toBe(parameters);
});
