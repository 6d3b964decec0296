/** Config section on records, prompts and frames that every app shares. */
import { z } from "zod";

const frameCount = z.int().min(2);

export const MediaOptions = z.strictObject({
  mediaRoot: z.string().describe("Folder that the records' paths start from"),
  nframes: z
    .union([frameCount, z.array(frameCount).min(1)])
    .optional()
    .describe("Frames of every video, or counts to draw from; without it fps, minFrames and maxFrames decide"),
  fps: z.number().positive().default(2),
  minFrames: frameCount.default(4),
  maxFrames: frameCount.default(16),
  videoMinPixels: z
    .int()
    .min(1)
    .default(128 * 28 * 28),
  videoMaxPixels: z
    .int()
    .min(1)
    .default(128 * 28 * 28),
  imageMinPixels: z
    .int()
    .min(1)
    .default(4 * 28 * 28),
  imageMaxPixels: z
    .int()
    .min(1)
    .default(256 * 28 * 28),
  time: z
    .enum(["uniform", "real"])
    .default("uniform")
    .describe("uniform: one second a frame pair, as the original trains; real: from the sampled rate"),
});
export type MediaOptions = z.infer<typeof MediaOptions>;

export const PromptStyle = z.strictObject({
  template: z.enum(["code", "paper", "question"]).default("code"),
  system: z.string().nullable().optional().describe("Text of the system turn; null: none"),
});
export type PromptStyle = z.infer<typeof PromptStyle>;
