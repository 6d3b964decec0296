import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ModelConfig, parseConfig } from "./config.ts";
import { readConfig } from "./read-config.ts";

/** In which the sizes of Qwen2.5-VL-Instruct differ: vision_config and tied embeddings apart, as in config.json. */
const sizes = {
  "Qwen2.5-VL-3B-Instruct": {
    hidden: 2048,
    layers: 36,
    heads: [16, 2],
    intermediate: 11008,
    vocabulary: 151936,
    vision: 3420,
  },
  "Qwen2.5-VL-7B-Instruct": {
    hidden: 3584,
    layers: 28,
    heads: [28, 4],
    intermediate: 18944,
    vocabulary: 152064,
    vision: 3420,
  },
  "Qwen2.5-VL-32B-Instruct": {
    hidden: 5120,
    layers: 64,
    heads: [40, 8],
    intermediate: 27648,
    vocabulary: 152064,
    vision: 3456,
  },
  "Qwen2.5-VL-72B-Instruct": {
    hidden: 8192,
    layers: 80,
    heads: [64, 8],
    intermediate: 29568,
    vocabulary: 152064,
    vision: 3456,
  },
} as const;

export type PublishedName = keyof typeof sizes;
export const publishedNames = Object.keys(sizes) as PublishedName[];

/**
 * The config of a published checkpoint, without its files.
 *
 * @see arXiv:2502.13923 table 1; the config.json of each on the Hub
 */
export function publishedConfig(name: PublishedName): ModelConfig {
  const { hidden, layers, heads, intermediate, vocabulary, vision } = sizes[name];
  const json = {
    model_type: "qwen2_5_vl",
    image_token_id: 151655,
    video_token_id: 151656,
    vision_start_token_id: 151652,
    vision_end_token_id: 151653,
    bos_token_id: 151643,
    eos_token_id: 151645,
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_hidden_layers: layers,
    num_attention_heads: heads[0],
    num_key_value_heads: heads[1],
    max_position_embeddings: 128000,
    rms_norm_eps: 1e-6,
    rope_theta: 1e6,
    rope_scaling: { type: "mrope", mrope_section: [16, 24, 24] },
    tie_word_embeddings: name === "Qwen2.5-VL-3B-Instruct",
    torch_dtype: "bfloat16",
    vocab_size: vocabulary,
    vision_config: {
      depth: 32,
      hidden_size: 1280,
      intermediate_size: vision,
      num_heads: 16,
      in_chans: 3,
      out_hidden_size: hidden,
      patch_size: 14,
      spatial_merge_size: 2,
      temporal_patch_size: 2,
      window_size: 112,
      fullatt_block_indexes: [7, 15, 23, 31],
      tokens_per_second: 2,
    },
  };
  return parseConfig(json, name);
}

/**
 * The config of a model's folder; where the folder is not there yet, of the published size that its path names, such as
 * "checkpoints/Qwen2.5-VL-7B-Instruct" or "runs/qwen25vl-7b/sft".
 *
 * @returns `assumed`: the size, if it is by the name alone.
 * @throws {ModelConfigError} As `readConfig`.
 */
export function readOrAssumeConfig(folder: string): { config: ModelConfig; assumed?: PublishedName } {
  const assumed = existsSync(join(folder, "config.json")) ? undefined : namedIn(folder);
  return assumed ? { config: publishedConfig(assumed), assumed } : { config: readConfig(folder) };
}

function namedIn(path: string): PublishedName | undefined {
  const billions = /qwen[-_]?2[._]?5[-_]?vl[-_]?(\d+)b/i.exec(path)?.[1];
  return publishedNames.find((name) => name.includes(`-${billions}B-`));
}
