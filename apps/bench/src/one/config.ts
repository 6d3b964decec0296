import { MediaOptions } from "@videor1/data";
import { problemTypes } from "@videor1/rewards";
import { z } from "zod";
import { BenchKeys } from "../config.ts";

const paths = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
const { model, adapter, server, seed, engine, dtype, generation } = BenchKeys.shape;

export const AskConfig = z
  .strictObject({
    model,
    adapter,
    server,
    video: paths.optional().describe("Video file, or a folder of frames; or several"),
    image: paths.optional().describe("Image file, or several"),
    question: z
      .string({ error: "is missing: write it in quotes after the settings" })
      .min(1, "is empty")
      .describe("The question; on the command line the words that are no setting"),
    options: z.array(z.string().min(1)).min(1).optional().describe("Answers to choose from, without letters"),
    problemType: z
      .enum(problemTypes)
      .optional()
      .describe("What the prompt asks the answer to be; default: multiple choice with options, else free-form"),
    prompt: z
      .enum(["video-r1", "plain"])
      .default("video-r1")
      .describe("video-r1: to think between <think> tags and answer between <answer> tags; plain: the question alone"),
    frames: z
      .enum(["ordered", "shuffled", "reversed", "single", "none"])
      .default("ordered")
      .describe("The order in which the model sees a video's frames; single: the middle one; none: the text alone"),
    show: z
      .string()
      .min(1)
      .optional()
      .describe("PNG file to write the frames into that the model saw; --show: frames.png"),
    media: MediaOptions.omit({ mediaRoot: true }).prefault({}),
    seed,
    engine,
    dtype,
    generation,
  })
  .superRefine(({ server, adapter, frames, video }, context) => {
    const refuse = (key: string, message: string) => context.addIssue({ code: "custom", path: [key], message });
    if (server && adapter !== undefined)
      refuse("adapter", "a server loads its own adapters: give the adapter's name there as model");
    if (frames !== "ordered" && video === undefined)
      refuse("frames", "there is no video whose frames could be in another order");
  });
export type AskConfig = z.infer<typeof AskConfig>;
