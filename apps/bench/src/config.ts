import { DataOptions } from "@videor1/data";
import { paperBenchmarkNames } from "@videor1/eval";
import { optionsFault, RewardOptions } from "@videor1/rewards/options";
import { Dtype, EngineOptions, Seed } from "@videor1/train";
import { z } from "zod";

const BenchKeys = z.strictObject({
  model: z.string().describe("Hugging Face folder to evaluate"),
  adapter: z.string().optional().describe("Folder of a LoRA adapter of `model`, which is switched on"),
  name: z
    .string()
    .regex(/^[\w.-]+$/, "letters, digits, '.', '_' and '-' only")
    .describe("Name of this evaluation: of its files, and of its column in the report"),
  outputDir: z.string().describe("Where predictions and the summary go"),
  benchmark: z
    .enum(paperBenchmarkNames)
    .optional()
    .describe("Whose questions these are: its metric makes the score, and published scores are shown beside it"),
  data: DataOptions,
  limit: z.int().min(1).optional().describe("Ask only the first questions"),
  seed: Seed.default(42).describe("Seed of the shuffles, and of sampling"),
  engine: EngineOptions.prefault({}),
  dtype: Dtype,
  batchSize: z.int().min(1).default(8).describe("Questions that a worker answers at a time"),
  generation: z
    .strictObject({
      maxCompletionLength: z.int().min(1).default(1024),
      doSample: z.boolean().default(false).describe("false: greedy"),
      temperature: z.number().positive().default(1),
      topP: z.number().positive().max(1).default(1),
      topK: z.int().min(0).default(0),
    })
    .prefault({}),
  compareShuffled: z.boolean().default(false).describe("Ask video questions a second time with the frames shuffled"),
  grading: z
    .enum(["video-r1", "training", "safe"])
    .default("video-r1")
    .describe(
      "video-r1: as the paper's numbers; training: OCR, free-form and regression by the original's training rewards; safe: all types by the rewards of rewards=safe",
    ),
  gradingOptions: RewardOptions.prefault({}).describe("What grading=safe accepts besides"),
});

export const BenchConfig = BenchKeys.superRefine(({ grading, gradingOptions }, context) => {
  const fault = optionsFault(grading === "safe" ? "safe" : "video-r1", gradingOptions);
  if (fault === undefined) return;
  const message = `${fault.split(":")[0]}: only grading safe has such options, not grading ${grading}`;
  context.addIssue({ code: "custom", path: ["gradingOptions"], message });
});
export type BenchConfig = z.infer<typeof BenchConfig>;
