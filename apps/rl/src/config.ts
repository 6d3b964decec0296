import { DataOptions } from "@videor1/data";
import { CheckpointOptions, OnNonFinite, ValidationOptions } from "@videor1/runs";
import { Dtype, EngineOptions, OptimizerOptions } from "@videor1/train";
import { z } from "zod";

const alpha = z.number().min(0).optional();

/** A kind, or a map with fields of that kind; without `kind` they change the preset's. */
const TemporalOverrides = z.union([
  z
    .enum(["none", "tgrpo", "contrast"])
    .transform((kind): { kind: "none" } | { kind: "tgrpo" } | { kind: "contrast" } => ({ kind })),
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none").describe("Plain GRPO") }),
    z.strictObject({
      kind: z.literal("tgrpo").optional(),
      alpha,
      mu: z.number().min(0).optional(),
      strict: z.boolean().optional(),
      statistic: z.enum(["proportion", "mean"]).optional(),
      target: z.enum(["reward", "advantage"]).optional(),
    }),
    z.strictObject({
      kind: z.literal("contrast").describe("Not T-GRPO: rewards the dependence of an answer on frame order"),
      alpha,
      tau: z.number().optional(),
      clip: z.number().min(0).optional(),
      counterfactual: z.enum(["reverse", "reversePairs", "shuffle"]).optional(),
      assignment: z.enum(["own", "permuted"]).optional(),
    }),
  ]),
]);

/** Fields that are absent keep the preset's value. */
const TgrpoOverrides = z.strictObject({
  temporal: TemporalOverrides.prefault({}),
  correctThreshold: z.number().optional(),
  correctStrict: z.boolean().optional(),
  length: z
    .strictObject({
      enabled: z.boolean(),
      omega: z.number().min(0),
      min: z.int().min(0),
      max: z.int().min(0),
      minCorrect: z.int().min(0),
    })
    .partial()
    .prefault({}),
  weights: z.strictObject({ accuracy: z.number(), format: z.number() }).partial().prefault({}),
  advantage: z
    .strictObject({
      scale: z.enum(["std", "none"]),
      ddof: z.union([z.literal(0), z.literal(1)]),
      eps: z.number().min(0),
      minStd: z.number().min(0),
    })
    .partial()
    .prefault({}),
});

export const RlConfig = z.strictObject({
  model: z.string().describe("Hugging Face folder to start from: the SFT model; also the frozen reference"),
  outputDir: z.string().describe("Where checkpoints, metrics, rollouts and the final model go"),
  seed: z.int().min(0).default(42),
  maxSteps: z.int().min(1).default(1000),
  engine: EngineOptions.prefault({}),
  dtype: Dtype,
  data: DataOptions,
  promptsPerStep: z.int().min(1).default(4).describe("Prompts of one optimizer step"),
  gradientAccumulationSteps: z
    .int()
    .min(1)
    .default(1)
    .describe("Parts that a step's prompts are computed in; they are spread over the workers"),
  rollout: z
    .strictObject({
      numGenerations: z.int().min(2).default(8).describe("G, answers to one prompt"),
      maxCompletionLength: z.int().min(1).default(768),
      temperature: z.number().positive().default(1),
      topP: z.number().positive().max(1).default(0.95),
      topK: z.int().min(0).default(0).describe("0: off"),
      dynamicSampling: z
        .strictObject({
          enabled: z.boolean().default(false).describe("Replace prompts whose group has no advantage by further ones"),
          maxRounds: z.int().min(1).default(3).describe("Times that a step draws prompts, the first included"),
        })
        .prefault({}),
    })
    .prefault({}),
  tgrpo: z
    .strictObject({ preset: z.enum(["neurips", "v1", "code"]).default("neurips"), ...TgrpoOverrides.shape })
    .prefault({}),
  rewards: z
    .enum(["video-r1", "safe"])
    .default("video-r1")
    .describe(
      "Rules of the accuracy and format rewards: the original's, or those of @videor1/rewards without its holes",
    ),
  loss: z
    .strictObject({
      beta: z.number().min(0).default(0.04).describe("Weight of the KL to the reference; 0: no reference model"),
      klClamp: z.number().positive().default(10),
      epsilonLow: z.number().min(0).default(0.2),
      epsilonHigh: z.number().min(0).default(0.2),
      iterations: z
        .int()
        .min(1)
        .default(1)
        .describe("Optimizer steps on one set of answers; above 1 the ratio is clipped"),
      reduction: z.enum(["sequence", "token", "constant"]).default("sequence"),
    })
    .prefault({}),
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
export type RlConfig = z.infer<typeof RlConfig>;
