// Shapes: B rows, L tokens of a row, C completion tokens.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import { type Completions, completionsOf, type ModelInputs } from "@videor1/model-qwen25vl";
import { openSafetensors, type SafetensorsData } from "@videor1/safetensors";

export type Semantics = "classic" | "hf5";

/** One batch of make_cases.py: what went into transformers and what came out. */
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
  /** [B * L] the token's id where it belongs to a completion, otherwise -100. */
  labels: Int32Array;
  /** [B, L] */
  shape: readonly [number, number];
}

export function readBatch(folder: string, name: string): Batch {
  const file = openSafetensors(join(folder, `${name}.safetensors`));
  const names = new Set(file.names);
  const tensors = new Map([...names].map((key) => [key, { data: file.read(key), shape: file.info(key).shape }]));
  file.close();
  const input = <T extends Tensor>(key: string) => {
    const found = tensors.get(`in.${key}`);
    return (
      found &&
      (tensor(
        found.data,
        [...found.shape] as [number],
        found.data instanceof Int32Array ? "int32" : "float32",
      ) as Tensor as T)
    );
  };
  const vision: Partial<ModelInputs> = {
    ...(names.has("in.pixel_values") && {
      pixelValues: input("pixel_values")!,
      imageGridThw: input("image_grid_thw")!,
    }),
    ...(names.has("in.pixel_values_videos") && {
      pixelValuesVideos: input("pixel_values_videos")!,
      videoGridThw: input("video_grid_thw")!,
      secondPerGridTs: input("second_per_grid_ts")!,
    }),
  };
  const sequences: ModelInputs = { inputIds: input("input_ids")!, attentionMask: input("attention_mask")!, ...vision };
  const prompts: ModelInputs = { inputIds: input("prompt_ids")!, attentionMask: input("prompt_mask")!, ...vision };
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
