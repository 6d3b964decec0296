// Shapes: B rows, L tokens of a row, C completion tokens.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Completions, completionsOf, type ModelInputs } from "@videor1/model-qwen25vl";
import { openSafetensors, type SafetensorsData } from "@videor1/safetensors";

export type Semantics = "classic" | "hf5";

/** One batch of make_cases.py: inputs and outputs of transformers. */
export interface Batch {
  /** The stored tensor, or undefined. */
  stored(name: string): { data: SafetensorsData; shape: readonly number[] } | undefined;
  /** Names of the stored tensors. */
  names: readonly string[];
  facts: Partial<Record<Semantics, { loss: number; greedy_ids?: number[][] }>>;
  /** Whole sequences. */
  sequences: ModelInputs;
  /** The same rows up to their completions, left padded. */
  prompts: ModelInputs;
  completions: Completions;
  /** [B * L] */
  mask: Int32Array;
  /** [B * L] the token's id in a completion, else -100. */
  labels: Int32Array;
  /** [B, L] */
  shape: readonly [number, number];
}

export function readBatch(folder: string, name: string): Batch {
  const file = openSafetensors(join(folder, `${name}.safetensors`));
  const names = new Set(file.names);
  const tensors = new Map([...names].map((key) => [key, { data: file.read(key), shape: file.info(key).shape }]));
  file.close();
  const stored = (key: string) => tensors.get(`in.${key}`)!;
  const shapeOf = (key: string) => stored(key).shape as readonly [number, number];
  const integers = (key: string) => ({ data: Int32Array.from(stored(key).data), shape: shapeOf(key) });
  const floats = (key: string) => ({ data: Float32Array.from(stored(key).data), shape: shapeOf(key) });
  const vision: Partial<ModelInputs> = {
    ...(names.has("in.pixel_values") && {
      pixelValues: floats("pixel_values"),
      imageGridThw: integers("image_grid_thw"),
    }),
    ...(names.has("in.pixel_values_videos") && {
      pixelValuesVideos: floats("pixel_values_videos"),
      videoGridThw: integers("video_grid_thw"),
      secondPerGridTs: Float32Array.from(stored("second_per_grid_ts").data),
    }),
  };
  const sequences: ModelInputs = {
    inputIds: integers("input_ids"),
    attentionMask: integers("attention_mask"),
    ...vision,
  };
  const prompts: ModelInputs = { inputIds: integers("prompt_ids"), attentionMask: integers("prompt_mask"), ...vision };
  const labels = tensors.get("in.labels")!.data as Int32Array;
  const [rows, length] = sequences.inputIds.shape;
  return {
    stored: (key) => tensors.get(key),
    names: [...names],
    facts: JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")),
    sequences,
    prompts,
    completions: completionsOf(
      Array.from({ length: rows }, (_, b) =>
        [...labels.subarray(b * length, (b + 1) * length)].filter((id) => id >= 0),
      ),
    ),
    mask: tensors.get("in.attention_mask")!.data as Int32Array,
    labels,
    shape: [rows, length],
  };
}
