import type { FloatStorage } from "@videor1/engine";
import type { ModelConfig } from "@videor1/model-qwen25vl";
import type { EngineOptions, OptimizerOptions } from "@videor1/train";

/** A training run as far as its needs depend on it; an app reads it from its config. */
export interface Job {
  model: ModelConfig;
  dtype: FloatStorage;
  gradientCheckpointing: boolean;
  /** What is trained: all, or not the vision tower. */
  trainable: "all" | "language";
  /** The adapter that is trained in place of the weights. */
  adapter?: { rank: number; modules: readonly string[] } | undefined;
  optimizer: Pick<OptimizerOptions, "moments" | "float32Moments">;
  steps: number;
  /** Replicas in this process, each with all of the state. */
  workers: number;
  /** How several processes cut the state, see `EngineOptions`. */
  sharding: Pick<EngineOptions, "zeroStage" | "bucketMegabytes">;
  /** Parts that a step is computed in, one after the other but for those on other workers. */
  parts: number;
  promptsPerStep: number;
  prompt: PromptSize;
  /** Tokens of the longest answer. */
  completionTokens: number;
  /** Of SFT: log-probabilities of the whole conversation, not of the answer alone. */
  wholeConversation: boolean;
  /** Of RL: completions of a prompt. */
  rl?: RlJob | undefined;
  /** Records that a validation takes at a time. */
  validationBatch?: number | undefined;
  /** Checkpoints that stay on disk, the best one included. */
  checkpoints: number;
}

export interface RlJob {
  completions: number;
  /** Of those under permuted frames, which are sampled only. */
  shuffled: number;
  /** Whether the permuted frames are asked for the log-probabilities of the completions too. */
  contrast: boolean;
  /** The frozen model of the KL term: none, a copy of all weights, the model itself, or that with the adapter of the start. */
  reference: "none" | "copy" | "shared" | "adapter";
  /** Optimizer steps on one set of completions. */
  iterations: number;
}

/** The longest prompt that a config lets in. */
export interface PromptSize {
  kind: "image" | "video";
  /** Patches of its clip: frame pairs, rows, columns. */
  grid: readonly [number, number, number];
  /** Tokens beside those of the clip. */
  textTokens: number;
}

export const promptsOfPart = ({ promptsPerStep, parts }: Job): number => Math.ceil(promptsPerStep / parts);

/** The same with as little text as can be, where its length is no part of the config. */
export const withLeastText = (job: Job): Job => ({
  ...job,
  prompt: { ...job.prompt, textTokens: 2 },
  completionTokens: job.rl ? job.completionTokens : 1,
});

/** Tokens of the longest prompt, those of its clip included. */
export const promptTokens = ({ prompt: { grid, textTokens }, model }: Job): number =>
  textTokens + (grid[0] * grid[1] * grid[2]) / model.vision.spatialMergeSize ** 2;
