import { z } from "zod";
import { ModelConfigError } from "./errors.ts";

/** Sizes of the vision tower. Pixels where the name says so, otherwise counts. */
export interface VisionConfig {
  depth: number;
  hiddenSize: number;
  numHeads: number;
  intermediateSize: number;
  inChannels: number;
  patchSize: number;
  temporalPatchSize: number;
  spatialMergeSize: number;
  /** Side of an attention window, pixels. */
  windowSize: number;
  /** Blocks that attend to the whole frame pair instead of a window. */
  fullattBlockIndexes: readonly number[];
  outHiddenSize: number;
  /** Temporal positions per second of video. */
  tokensPerSecond: number;
}

export interface TextConfig {
  vocabSize: number;
  hiddenSize: number;
  intermediateSize: number;
  numHiddenLayers: number;
  numAttentionHeads: number;
  numKeyValueHeads: number;
  headDim: number;
  rmsNormEps: number;
  ropeTheta: number;
  /** Rotary frequencies that follow the t, h and w position; they add up to headDim / 2. */
  mropeSection: readonly [number, number, number];
  /** The embedding row without gradient, or null. */
  padTokenId: number | null;
}

export interface ModelConfig {
  text: TextConfig;
  vision: VisionConfig;
  imageTokenId: number;
  videoTokenId: number;
  tieWordEmbeddings: boolean;
  /** The file as read, unknown fields included: what `saveModel` writes back. */
  source: Readonly<Record<string, unknown>>;
}

const count = z.int().positive();
const tokenId = z.int().nonnegative();

const mrope = z.looseObject({
  type: z.string().nullish(),
  rope_type: z.string().nullish(),
  rope_theta: z.number().positive().nullish(),
  mrope_section: z.tuple([z.int().nonnegative(), z.int().nonnegative(), z.int().nonnegative()]),
});

// Absent fields take the default of transformers' config class, which drops what equals it when it saves.
const textSchema = z.looseObject({
  vocab_size: count,
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  rms_norm_eps: z.number().positive().default(1e-5),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: mrope.nullish(),
  rope_parameters: mrope.nullish(),
  hidden_act: z.string().default("silu"),
  use_sliding_window: z.boolean().nullish(),
  pad_token_id: tokenId.nullish(),
  tie_word_embeddings: z.boolean().nullish(),
});

const visionSchema = z.looseObject({
  depth: count.default(32),
  hidden_size: count.default(1280),
  num_heads: count.default(16),
  intermediate_size: count.default(3420),
  in_channels: count.optional(),
  in_chans: count.optional(),
  patch_size: count.optional(),
  spatial_patch_size: count.optional(),
  temporal_patch_size: count.default(2),
  spatial_merge_size: count.default(2),
  window_size: count.default(112),
  fullatt_block_indexes: z.array(z.int().nonnegative()).default([7, 15, 23, 31]),
  out_hidden_size: count.optional(),
  tokens_per_second: z.number().positive().default(4),
  hidden_act: z.string().default("silu"),
});

const rootSchema = z.looseObject({
  model_type: z.literal("qwen2_5_vl", {
    error: ({ input }) => `is ${JSON.stringify(input)}, but only "qwen2_5_vl" is supported`,
  }),
  image_token_id: tokenId.default(151655),
  video_token_id: tokenId.default(151656),
  tie_word_embeddings: z.boolean().nullish(),
});

/**
 * Reads a Hugging Face config.json: text fields at the top (the Hub's layout) or inside `text_config` (transformers >= 4.52),
 * with `rope_scaling` or `rope_parameters` of type "mrope" or "default", `in_chans`, `spatial_patch_size` as aliases.
 *
 * @param json - The parsed file.
 * @param source - Its path, for messages.
 * @throws {ModelConfigError} Listing all that is missing, malformed, contradictory or unsupported.
 * @see huggingface/transformers v5.12.1 configuration_qwen2_5_vl.py
 */
export function parseConfig(json: unknown, source = "config"): ModelConfig {
  const fail = (issues: readonly string[]) =>
    new ModelConfigError({ source, issues, hint: "Take config.json from a Qwen2.5-VL checkpoint." });
  function read<S extends z.ZodType>(schema: S, value: unknown, path: string): z.output<S> {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    throw fail(
      result.error.issues.map((issue) => `${[path, ...issue.path].filter(Boolean).join(".")} ${issue.message}`),
    );
  }
  const root = read(rootSchema, json, "");
  const nested = root.text_config !== undefined && root.text_config !== null;
  const text = read(textSchema, nested ? root.text_config : root, nested ? "text_config" : "");
  const vision = read(visionSchema, root.vision_config ?? {}, "vision_config");
  const rope = text.rope_parameters ?? text.rope_scaling;
  if (!rope) throw fail(["rope_scaling (or rope_parameters) with mrope_section is missing"]);

  const headDim = text.hidden_size / text.num_attention_heads;
  const numKeyValueHeads = text.num_key_value_heads ?? text.num_attention_heads;
  const outHiddenSize = vision.out_hidden_size ?? text.hidden_size;
  const patchSize = vision.patch_size ?? vision.spatial_patch_size ?? 14;
  const rotary = rope.mrope_section.reduce((sum, size) => sum + size, 0);
  const ropeType = rope.rope_type ?? rope.type ?? "default";
  const rules: [boolean, string][] = [
    [
      Number.isInteger(headDim / 2),
      `hidden_size ${text.hidden_size} / num_attention_heads ${text.num_attention_heads} must be even`,
    ],
    [
      text.num_attention_heads % numKeyValueHeads === 0,
      `num_attention_heads ${text.num_attention_heads} must be a multiple of num_key_value_heads ${numKeyValueHeads}`,
    ],
    [rotary === headDim / 2, `mrope_section [${rope.mrope_section}] must add up to head_dim / 2 = ${headDim / 2}`],
    [["default", "mrope"].includes(ropeType), `rope type "${ropeType}" is not supported, only "mrope" and "default"`],
    [text.hidden_act === "silu", `hidden_act "${text.hidden_act}" is not supported, only "silu"`],
    [vision.hidden_act === "silu", `vision_config.hidden_act "${vision.hidden_act}" is not supported, only "silu"`],
    [text.use_sliding_window !== true, "use_sliding_window true is not supported"],
    [
      Number.isInteger(vision.hidden_size / vision.num_heads / 4),
      `vision_config.hidden_size ${vision.hidden_size} / num_heads ${vision.num_heads} must be a multiple of 4`,
    ],
    [
      vision.window_size >= patchSize * vision.spatial_merge_size,
      `vision_config.window_size ${vision.window_size} must hold a merged cell, patch_size * spatial_merge_size`,
    ],
    [
      outHiddenSize === text.hidden_size,
      `vision_config.out_hidden_size ${outHiddenSize} must equal hidden_size ${text.hidden_size}`,
    ],
  ];
  const broken = rules.filter(([holds]) => !holds).map(([, rule]) => rule);
  if (broken.length) throw fail(broken);

  return {
    text: {
      vocabSize: text.vocab_size,
      hiddenSize: text.hidden_size,
      intermediateSize: text.intermediate_size,
      numHiddenLayers: text.num_hidden_layers,
      numAttentionHeads: text.num_attention_heads,
      numKeyValueHeads,
      headDim,
      rmsNormEps: text.rms_norm_eps,
      ropeTheta: rope.rope_theta ?? text.rope_theta ?? 1e6,
      mropeSection: rope.mrope_section,
      padTokenId: text.pad_token_id ?? null,
    },
    vision: {
      depth: vision.depth,
      hiddenSize: vision.hidden_size,
      numHeads: vision.num_heads,
      intermediateSize: vision.intermediate_size,
      inChannels: vision.in_channels ?? vision.in_chans ?? 3,
      patchSize,
      temporalPatchSize: vision.temporal_patch_size,
      spatialMergeSize: vision.spatial_merge_size,
      windowSize: vision.window_size,
      fullattBlockIndexes: vision.fullatt_block_indexes,
      outHiddenSize,
      tokensPerSecond: vision.tokens_per_second,
    },
    imageTokenId: root.image_token_id,
    videoTokenId: root.video_token_id,
    tieWordEmbeddings: root.tie_word_embeddings ?? text.tie_word_embeddings ?? false,
    source: root,
  };
}
