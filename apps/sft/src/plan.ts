import { adapterOf, type Job, promptSize, type RunToPlan, sizesOf } from "@videor1/plan";
import { SftConfig } from "./config.ts";

/** Tokens of an answer that is counted with: what the figures of docs/results/qwen25vl-7b_h200_2026-11-29.md were taken with. */
const answerTokens = 400;

/** A run as `--plan` counts it. @throws {ModelConfigError} See `sizesOf`. */
export function planOf(config: SftConfig): RunToPlan<SftConfig> {
  const { model, assumed } = sizesOf(config);
  return {
    config,
    assumed,
    jobOf: (config) => jobOf(config, model),
    parse: (changed) => SftConfig.safeParse(changed).data,
    candidates: [
      ["gradientCheckpointing", true],
      ["engine.workers", 1],
      ["gradientAccumulationSteps", config.batchSize],
      ["gradientAccumulationSteps", 1],
      ["checkpoint.keep", 1],
      ["dtype", "bfloat16"],
      ["optimizer.moments", "int8"],
      ["trainable", "language"],
      ["data.media.maxFrames", 8],
    ],
    otherMethod: ["lora", { rank: 64, alpha: 128 }],
  };
}

function jobOf(config: SftConfig, model: Job["model"]): Job {
  const { data, batchSize, gradientAccumulationSteps: parts, validation, checkpoint } = config;
  return {
    model,
    dtype: config.dtype ?? "float32",
    gradientCheckpointing: config.gradientCheckpointing,
    trainable: config.trainable,
    adapter: adapterOf(config, model),
    optimizer: config.optimizer,
    steps: data.phases.reduce((total, { steps = 0 }) => total + steps, 0),
    workers: Math.min(config.engine.workers, parts),
    sharding: config.engine,
    parts,
    promptsPerStep: batchSize,
    prompt: promptSize(data, model),
    completionTokens: answerTokens,
    wholeConversation: config.lossOn === "all",
    validationBatch: validation?.batchSize,
    checkpoints: checkpoint.keep + Number(validation !== undefined && checkpoint.keepBest),
  };
}
