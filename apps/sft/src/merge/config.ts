import { EngineOptions } from "@videor1/train";
import { z } from "zod";

export const MergeConfig = z.strictObject({
  model: z.string().describe("Hugging Face folder that the adapter was trained on"),
  adapter: z.string().describe("Folder of the LoRA adapter"),
  outputDir: z
    .string()
    .describe("Where the merged model goes; a folder that is there is replaced only if it is a model"),
  dtype: z
    .enum(["float32", "bfloat16"])
    .optional()
    .describe("How the merged weights are written; default: as config.json of the model says"),
  engine: EngineOptions.omit({ workers: true, timeoutSeconds: true }).prefault({}),
});
export type MergeConfig = z.infer<typeof MergeConfig>;
