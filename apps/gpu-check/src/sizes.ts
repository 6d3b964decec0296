import type { FloatStorage } from "@videor1/engine";
import json from "./sizes.json" with { type: "json" };

/** A model and its work, for our bench and for bench.py. */
export interface Size {
  about: string;
  dtype: FloatStorage;
  /** Patches of the prompt's video: frame pairs, rows, columns. */
  grid: number[];
  /** Number of tokens before and after the video's, its two marks included. */
  textBefore: number;
  textAfter: number;
  /** Rows and completion tokens of the training step. */
  batch: number;
  completion: number;
  /** Rows of one prompt that both decode, and the rows of each of some prompts that we decode besides. */
  decode: { batches: number[]; ours: number[][]; tokens: number };
  /**
   * What the training stages do: SFT updates on one record; T-GRPO updates of so many prompts, one number after the other; and
   * SFT updates on answers of many lengths, between which the memory is to stay as it is.
   */
  train: { sftSteps: number; rlSteps: number; prompts: number[]; flatSteps: number };
  /** Recompute activations in the backward pass. */
  recompute: boolean;
  /** The step ends with AdamW on all parameters; 7B's float32 moments would not fit beside the rest. */
  optimizer: boolean;
  repetitions: number;
  /** As in Hugging Face's config.json. */
  config: {
    video_token_id: number;
    vision_start_token_id: number;
    vision_end_token_id: number;
    text_config: { vocab_size: number };
  };
}

export const sizes: Readonly<Record<string, Size>> = json as Record<string, Size>;
