/** Config sections on records, prompts and frames that every app shares. */
import { z } from "zod";
import { videoBackends } from "./media/backend.ts";
import { imagePixels, maxSampledFrames, minSampledFrames, sampledFps, videoPixels } from "./media/video-r1.ts";

const frameCount = z.int().min(2);
const pixels = z.int().min(1);

/** How video files are read. */
export const DecoderOptions = z.strictObject({
  backend: z
    .enum(videoBackends)
    .default("auto")
    .describe("node-av: in this process; ffmpeg: the command line tools; auto: the first of the two that is installed"),
  allowPartial: z
    .boolean()
    .default(false)
    .describe("Take the frames that can be read of a damaged video, with a warning; ffmpeg gives all frames or none"),
  allowSingleFrame: z
    .boolean()
    .default(false)
    .describe("Take a video of one frame as a clip of one frame; false: its record fails, as in Video-R1"),
  rotate: z
    .boolean()
    .default(true)
    .describe(
      "Turn videos by 90, 180 or 270 degrees as their file says, as decord does; false: as stored, as PyAV does",
    ),
  timeoutSeconds: z.number().positive().max(86_400).default(120).describe("Time that one video may take"),
  whole: z
    .boolean()
    .default(false)
    .describe(
      "Decode all of a file, so that damage anywhere in it is found; false: only what its frames need, as fast as can be",
    ),
  threads: z.int().min(1).default(1).describe("Decoder threads of one video; several videos are decoded at once"),
  keepBytes: z
    .int()
    .min(0)
    .default(0)
    .describe(
      "Most bytes of decoded frames that stay in memory for later epochs; a file that is kept is not read again",
    ),
});
export type DecoderOptions = z.infer<typeof DecoderOptions>;

export const MediaOptions = z.strictObject({
  mediaRoot: z.string().describe("Folder that the records' paths start from"),
  nframes: z
    .union([frameCount, z.array(frameCount).min(1)])
    .optional()
    .describe("Frames of every video, or counts to draw from; without it fps, minFrames and maxFrames decide"),
  clampNframes: z
    .boolean()
    .default(false)
    .describe(
      "Take of a video with fewer frames than nframes all, an even number; false: its record fails, as in Video-R1",
    ),
  fps: z.number().positive().default(sampledFps).describe("Frames to take of each second"),
  minFrames: frameCount.default(minSampledFrames),
  maxFrames: frameCount.default(maxSampledFrames),
  videoMinPixels: pixels.default(videoPixels.min).describe("Pixels of one frame"),
  videoMaxPixels: pixels.default(videoPixels.max).describe("Pixels of one frame"),
  imageMinPixels: pixels.default(imagePixels.min),
  imageMaxPixels: pixels.default(imagePixels.max),
  time: z
    .enum(["uniform", "real"])
    .default("uniform")
    .describe("uniform: one second a frame pair, as the original trains; real: from the sampled rate"),
  decoder: DecoderOptions.prefault({}),
  prepared: z
    .string()
    .optional()
    .describe(
      "Folder that videor1-data prepare has made: frames are read from it, resized already, in place of decoding",
    ),
  unprepared: z
    .enum(["decode", "error"])
    .default("decode")
    .describe("At media that the folder does not hold, or not as they are asked: decode them, with a warning, or fail"),
});
export type MediaOptions = z.infer<typeof MediaOptions>;

export const PromptStyle = z.strictObject({
  template: z.enum(["code", "paper", "question"]).default("code"),
  system: z.string().nullable().optional().describe("Text of the system turn; null: none"),
});
export type PromptStyle = z.infer<typeof PromptStyle>;

/** The `data` section of an app that reads one file of records. */
export const DataOptions = z.strictObject({
  records: z.string().describe("JSON, JSONL or parquet file of questions"),
  onInvalid: z
    .enum(["error", "skip"])
    .default("error")
    .describe("At a record that breaks the record rules: stop, or leave it out and name it"),
  dataType: z.enum(["image", "video"]).optional().describe("Take the records of this kind alone; default: both"),
  media: MediaOptions,
  prompt: PromptStyle.prefault({}),
});
export type DataOptions = z.infer<typeof DataOptions>;
