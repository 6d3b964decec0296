import { adapterOf, type Job, promptSize, type RunToPlan, sizesOf } from "@videor1/plan";
import { numShuffled } from "@videor1/tgrpo";
import { RlConfig } from "./config.ts";

/** A run as `--plan` counts it. @throws {ModelConfigError} See `sizesOf`. */
export function planOf(config: RlConfig): RunToPlan<RlConfig> {
  const { model, assumed } = sizesOf(config);
  return {
    config,
    assumed,
    jobOf: (config) => jobOf(config, model),
    parse: (changed) => RlConfig.safeParse(changed).data,
    candidates: [
      ["gradientCheckpointing", true],
      ["engine.workers", 1],
      ["gradientAccumulationSteps", config.promptsPerStep],
      ["gradientAccumulationSteps", 1],
      ["checkpoint.keep", 1],
      ["dtype", "bfloat16"],
      ["optimizer.moments", "int8"],
      ["trainable", "language"],
      ["loss.beta", 0],
      ["data.media.maxFrames", 8],
      ["rollout.maxCompletionLength", Math.ceil(config.rollout.maxCompletionLength / 2)],
    ],
    otherMethod: ["lora", { rank: 64, alpha: 128 }],
  };
}

function jobOf(config: RlConfig, model: Job["model"]): Job {
  const { data, rollout, tgrpo, loss, gradientAccumulationSteps: parts, validation, checkpoint } = config;
  const adapter = adapterOf(config, model);
  return {
    model,
    dtype: config.dtype ?? "float32",
    gradientCheckpointing: config.gradientCheckpointing,
    trainable: config.trainable,
    adapter,
    optimizer: config.optimizer,
    steps: config.maxSteps,
    workers: Math.min(config.engine.workers, parts),
    sharding: config.engine,
    parts,
    promptsPerStep: config.promptsPerStep,
    prompt: promptSize(data, model),
    completionTokens: rollout.maxCompletionLength,
    wholeConversation: false,
    rl: {
      completions: rollout.numGenerations,
      shuffled: data.dataType === "image" ? 0 : numShuffled({ rollout, tgrpo }),
      contrast: tgrpo.temporal.kind === "contrast" && data.dataType !== "image",
      reference: loss.beta === 0 ? "none" : !adapter ? "copy" : config.adapter === undefined ? "shared" : "adapter",
      iterations: loss.iterations,
    },
    validationBatch: validation?.batchSize,
    checkpoints: checkpoint.keep + Number(validation !== undefined && checkpoint.keepBest),
  };
}
