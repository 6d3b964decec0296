import { type ModelConfig, parseConfig } from "../src/index.ts";

export interface Size {
  name: string;
  config: ModelConfig;
  /** Patches of the prompt's video: frame pairs, rows, columns. */
  grid: readonly [number, number, number];
  textBefore: number;
  textAfter: number;
  batch: number;
  /** Tokens that follow the prompt in a training step. */
  completion: number;
  rollout: { prompts: number; completionsEach: number; tokens: number };
  /** Sample completions, or take the most probable token. */
  sample: boolean;
}

/** The shapes and the work of the transformers baseline, "tiny" (1.85 M parameters). */
const tiny: Size = {
  name: "tiny",
  config: parseConfig({
    model_type: "qwen2_5_vl",
    image_token_id: 2006,
    video_token_id: 2007,
    tie_word_embeddings: false,
    text_config: {
      vocab_size: 2048,
      hidden_size: 128,
      intermediate_size: 512,
      num_hidden_layers: 4,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      rms_norm_eps: 1e-6,
      rope_parameters: { rope_type: "default", rope_theta: 1e6, mrope_section: [4, 6, 6] },
    },
    vision_config: {
      depth: 4,
      hidden_size: 64,
      intermediate_size: 128,
      num_heads: 2,
      out_hidden_size: 128,
      window_size: 112,
      fullatt_block_indexes: [1, 3],
      tokens_per_second: 2,
    },
  }),
  grid: [8, 8, 8],
  textBefore: 11,
  textAfter: 31,
  batch: 8,
  completion: 64,
  rollout: { prompts: 8, completionsEach: 1, tokens: 64 },
  sample: false,
};

/** The miniature (0.8 M parameters): 8 frames of 56 x 56 pixels, 12 completions of 8 prompts. */
const miniature: Size = {
  name: "miniature",
  config: parseConfig({
    model_type: "qwen2_5_vl",
    image_token_id: 118,
    video_token_id: 119,
    tie_word_embeddings: true,
    text_config: {
      vocab_size: 120,
      hidden_size: 128,
      intermediate_size: 320,
      num_hidden_layers: 3,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      rms_norm_eps: 1e-6,
      rope_parameters: { rope_type: "default", rope_theta: 1e4, mrope_section: [4, 6, 6] },
    },
    vision_config: {
      depth: 2,
      hidden_size: 64,
      intermediate_size: 128,
      num_heads: 4,
      out_hidden_size: 128,
      window_size: 28,
      fullatt_block_indexes: [1],
      tokens_per_second: 2,
    },
  }),
  grid: [4, 4, 4],
  textBefore: 3,
  textAfter: 25,
  batch: 32,
  completion: 24,
  rollout: { prompts: 8, completionsEach: 12, tokens: 40 },
  sample: true,
};

export const sizes: readonly Size[] = [tiny, miniature];
