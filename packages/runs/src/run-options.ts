/** Config sections on what a run keeps and when it validates. */
import { z } from "zod";

export const CheckpointOptions = z.strictObject({
  everySteps: z.int().min(1).default(100).describe("Steps between two checkpoints"),
  keep: z.int().min(1).default(2).describe("Checkpoints that stay on disk"),
  keepBest: z.boolean().default(true).describe("With validation: keep the best checkpoint besides; `best` names it"),
});
export type CheckpointOptions = z.infer<typeof CheckpointOptions>;

export const ValidationOptions = z.strictObject({
  records: z.string().describe("JSON or JSONL file of records that are not among those of training"),
  everySteps: z.int().min(1).default(100).describe("Steps between two validations; the last step has one too"),
  limit: z.int().min(1).optional().describe("Use only the first records"),
  batchSize: z.int().min(1).default(8).describe("Records that a worker takes at a time"),
  earlyStop: z
    .strictObject({
      patience: z.int().min(1).describe("Validations without improvement after which the run ends"),
      minDelta: z.number().min(0).default(0).describe("What counts as improvement on the best one"),
    })
    .optional(),
});
export type ValidationOptions = z.infer<typeof ValidationOptions>;
