import { z } from "zod";

/** OpenAI-compatible chat servers that answer in place of a model in this process: a section of a config. */
export const ServerOptions = z.strictObject({
  urls: z
    .array(z.url({ protocol: /^https?$/ }))
    .min(1)
    .describe("Base addresses, with /v1; questions go to all of them"),
  apiKeyVariable: z
    .string()
    .min(1)
    .optional()
    .describe("Environment variable that holds the key, e.g. OPENAI_API_KEY; default: none is sent"),
  concurrency: z.int().min(1).default(8).describe("Questions that each server answers at a time"),
  timeoutSeconds: z.number().positive().max(86_400).default(600).describe("Time that one answer may take"),
  maxTries: z.int().min(1).default(4).describe("Times that a question is asked where the server is at fault"),
  dialect: z
    .enum(["vllm", "openai"])
    .default("vllm")
    .describe("vllm: with the fields that vLLM has beside OpenAI's; openai: without them"),
  videoAs: z
    .enum(["video", "frames"])
    .optional()
    .describe("video: one part, as vLLM takes it (default there); frames: an image part each, with its time in words"),
});
export type ServerOptions = z.infer<typeof ServerOptions>;
