import { DataOptions } from "@videor1/data";
import { trainedPartIssue, trainedPartKeys } from "@videor1/model-qwen25vl";
import { CheckpointOptions, OnNonFinite, ValidationOptions } from "@videor1/runs";
import { Dtype, EngineOptions, OptimizerOptions, Seed } from "@videor1/train";
import { z } from "zod";

const keys = z.strictObject({
  model: z.string().describe("Hugging Face folder to start from"),
  outputDir: z.string().describe("Where checkpoints, metrics and the final model go"),
  seed: Seed.default(42),
  engine: EngineOptions.prefault({}),
  dtype: Dtype,
  ...trainedPartKeys,
  data: DataOptions.omit({ records: true }).extend({
    phases: z
      .array(
        z
          .strictObject({
            records: z.string().describe("JSON or JSONL file of chain-of-thought records"),
            steps: z.int().min(1).optional().describe("Optimizer steps on these records"),
            epochs: z
              .number()
              .positive()
              .optional()
              .describe("Passes over these records, in place of steps: floor(epochs * records / batchSize) steps"),
          })
          .refine(({ steps, epochs }) => (steps === undefined) !== (epochs === undefined), {
            path: ["steps"],
            message: "a phase takes steps or epochs, one of the two",
          }),
      )
      .min(1)
      .describe("Record files, trained one after the other"),
  }),
  batchSize: z.int().min(1).default(8).describe("Examples of one optimizer step"),
  gradientAccumulationSteps: z
    .int()
    .min(1)
    .default(1)
    .describe("Parts that a batch is computed in; they are spread over the workers"),
  lossOn: z
    .enum(["assistant", "all"])
    .default("assistant")
    .describe("assistant: the answer's tokens; all: as the original, every token but padding and image pads"),
  optimizer: OptimizerOptions.prefault({}),
  validation: ValidationOptions.optional().describe("Loss on held-back records, in nats a token"),
  checkpoint: CheckpointOptions.prefault({}),
  gradientCheckpointing: z.boolean().default(false).describe("Recompute each layer in the backward pass"),
  onNonFinite: OnNonFinite,
  maxFailedShare: z.number().min(0).max(1).default(0.05).describe("Stop when more than this share of records failed"),
});

export const SftConfig = keys.superRefine((config, { addIssue }) => {
  const message = trainedPartIssue(config);
  if (message) addIssue({ code: "custom", path: [config.lora ? "lora" : "adapter"], message });
});
export type SftConfig = z.infer<typeof SftConfig>;
