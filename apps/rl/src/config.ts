import { DataOptions } from "@videor1/data";
import { trainedPartIssue, trainedPartKeys } from "@videor1/model-qwen25vl";
import { CheckpointOptions, OnNonFinite, ValidationOptions } from "@videor1/runs";
import { isWeighted, numShuffled, SamplingOptions, TgrpoOptions } from "@videor1/tgrpo";
import { Dtype, EngineOptions, OptimizerOptions, Seed } from "@videor1/train";
import { z } from "zod";
import { importanceSamplingOf } from "./importance-sampling.ts";
import { RewardsConfig } from "./rewards/rewards-config.ts";
import { pushIssue, RolloutServer, referenceIssue } from "./served/rollout-server.ts";

const RlKeys = z.strictObject({
  model: z
    .string()
    .describe(
      "Hugging Face folder to start from: the SFT model; also the frozen reference, with `adapter` if that is given",
    ),
  outputDir: z.string().describe("Where checkpoints, metrics, rollouts and the final model go"),
  seed: Seed.default(42),
  maxSteps: z.int().min(1).default(1000).describe("Optimizer steps"),
  epochs: z
    .number()
    .positive()
    .optional()
    .describe("Passes over the records, in place of maxSteps: floor(epochs * records / promptsPerStep) steps"),
  engine: EngineOptions.prefault({}),
  dtype: Dtype,
  ...trainedPartKeys,
  data: DataOptions,
  promptsPerStep: z.int().min(1).default(4).describe("Prompts of one optimizer step"),
  gradientAccumulationSteps: z
    .int()
    .min(1)
    .default(1)
    .describe("Parts that a step's prompts are computed in; they are spread over the workers"),
  rollout: SamplingOptions.extend({
    dynamicSampling: z
      .strictObject({
        enabled: z.boolean().default(false).describe("Replace prompts whose group has no advantage by further ones"),
        maxRounds: z.int().min(1).default(3).describe("Times that a step draws prompts, the first included"),
      })
      .prefault({}),
    together: z
      .enum(["part", "worker"])
      .default("part")
      .describe(
        "Which of a step's prompts are sampled in one decode: those of a part, so that the number of workers changes nothing; or all " +
          "that a worker holds, which is faster where it has several parts, and equal but for rounding",
      ),
    maxRows: z
      .int()
      .min(1)
      .optional()
      .describe(
        "Completions that a worker decodes at a time, which bounds its memory; one that ends makes place; default: all",
      ),
    server: RolloutServer.optional().describe(
      "vLLM servers that draw the completions; default: the policy in this process does",
    ),
    maxStaleness: z
      .int()
      .min(0)
      .max(1)
      .default(0)
      .describe(
        "Steps that the policy which answers may be behind the one that is trained; 1: the servers answer a step's prompts " +
          "while the step before trains",
      ),
  }).prefault({}),
  tgrpo: TgrpoOptions.shape.tgrpo,
  rewards: RewardsConfig.prefault("video-r1").describe(
    "Rules, video-r1 or safe, what the safe ones accept besides, and modules with functions of one's own",
  ),
  loss: TgrpoOptions.shape.loss,
  optimizer: OptimizerOptions.prefault({ schedule: "cosine", weightDecay: 0.01 }),
  validation: ValidationOptions.extend({
    doSample: z.boolean().default(false).describe("false: greedy answers; true: sampled as in training"),
  })
    .optional()
    .describe("Accuracy and format rewards on held-back records"),
  checkpoint: CheckpointOptions.prefault({}),
  gradientCheckpointing: z.boolean().default(false).describe("Recompute each layer in the backward pass"),
  onNonFinite: OnNonFinite,
  maxFailedShare: z.number().min(0).max(1).default(0.05).describe("Stop when more than this share of records failed"),
});

export const RlConfig = RlKeys.superRefine((config, context) => {
  const { rollout, tgrpo, lora } = config;
  const { numGenerations } = rollout;
  const { shuffledFraction, temporal } = tgrpo;
  if (temporal.kind === "tgrpo" && numShuffled({ rollout, tgrpo }) < 1)
    context.addIssue({
      code: "custom",
      path: ["tgrpo", "shuffledFraction"],
      message: `${shuffledFraction} of rollout.numGenerations ${numGenerations} is below 1, and T-GRPO compares with shuffled answers: raise it to ${1 / numGenerations} or more, or set tgrpo.temporal to none`,
    });
  const importanceSampling = importanceSamplingOf(config);
  if (isWeighted({ importanceSampling }) && rollout.temperature !== 1)
    context.addIssue({
      code: "custom",
      path: ["loss", "importanceSampling", "mode"],
      message: `${importanceSampling.mode} needs rollout.temperature 1: the log-probabilities of a sampler are of temperature 1, and at ${rollout.temperature} its answers are drawn from others; set the mode to none, or the temperature to 1`,
    });
  if (rollout.maxStaleness > 0 && !rollout.server)
    context.addIssue({
      code: "custom",
      path: ["rollout", "maxStaleness"],
      message: `${rollout.maxStaleness} needs rollout.server: the policy in this process cannot answer while it trains`,
    });
  const message = trainedPartIssue(config);
  if (message) context.addIssue({ code: "custom", path: [lora ? "lora" : "adapter"], message });
  const served = pushIssue(config);
  if (served) context.addIssue({ code: "custom", path: ["rollout", "server", "push"], message: served });
  const reference = referenceIssue(config);
  if (reference)
    context.addIssue({ code: "custom", path: ["rollout", "server", "referenceLogps"], message: reference });
});
export type RlConfig = z.infer<typeof RlConfig>;
