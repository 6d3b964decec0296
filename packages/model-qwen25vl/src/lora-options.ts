import { z } from "zod";

/** The linear layers of each text layer by their last name. */
const loraTargets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const;

export const LoraOptions = z.strictObject({
  rank: z.int().min(1).describe("r: rows of A and columns of B"),
  alpha: z.number().positive().describe("What B A is multiplied by is alpha / rank"),
  rsLora: z.boolean().default(false).describe("Multiply by alpha / sqrt(rank) instead (arXiv:2312.03732)"),
  targets: z
    .array(z.enum(loraTargets))
    .min(1)
    .default([...loraTargets])
    .describe("Linear layers of the language model that get an adapter, in every layer of it"),
});
export type LoraOptions = z.infer<typeof LoraOptions>;

/** The config keys that say what a run trains. */
export const trainedPartKeys = {
  trainable: z
    .enum(["all", "language"])
    .default("all")
    .describe("language: the vision tower stays as it is, without gradients, master weights and moments"),
  lora: LoraOptions.optional().describe(
    "Train a new LoRA adapter alone, in float32; the model stays as it is. The run then leaves the adapter, as PEFT's files",
  ),
  adapter: z
    .string()
    .optional()
    .describe(
      "Folder of a LoRA adapter of `model` to start from: it alone is trained, with its own rank, alpha and targets",
    ),
};

/** What is contradictory in these keys: the message, or undefined. */
export function trainedPartIssue(config: {
  trainable: "all" | "language";
  lora?: LoraOptions | undefined;
  adapter?: string | undefined;
}): string | undefined {
  if (config.lora && config.adapter !== undefined)
    return "lora begins a new adapter, adapter goes on with an old one: give one of them; merge the old one first to put a new one on top";
  if ((config.lora ?? config.adapter) !== undefined && config.trainable !== "all")
    return "with lora or adapter nothing else is trained: leave out trainable";
  return undefined;
}
