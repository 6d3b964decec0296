import { uniformAt } from "@videor1/random";
import type { MediaOptions } from "../options.ts";
import type { Example } from "../schema.ts";
import type { Clip } from "./clip.ts";
import { decodeImage } from "./decode-image.ts";
import { decodeVideo } from "./decode-video.ts";
import { resolveMedia } from "./resolve.ts";
import { frameMaxPixels } from "./sample-frames.ts";

/** A clip, where its frames come from, and the pixels that each may have when the processor resizes it. */
export interface LoadedClip extends Clip {
  /** Display positions of the frames in the file; [0] of an image. */
  indices: number[];
  minPixels: number;
  maxPixels: number;
  resizeRules: "qwenVlUtils";
}

/**
 * The frames of an example's media file, with Video-R1's pixel limits. With time "uniform" a video carries 2 frames a
 * second, that is one second a frame pair, whatever its sampled rate.
 *
 * @param seed - Chooses, with the problem id, among several `nframes`.
 * @throws {MediaNotFoundError} As {@link resolveMedia}.
 * @throws {DecodeError} As {@link decodeVideo} and {@link decodeImage}. Nothing ever takes the place of an unreadable file.
 * @see tulerfeng/Video-R1@59d65c3 qwen-vl-utils vision_process.py `fetch_video`, `fetch_image`
 */
export async function loadClip(
  { dataType, path, problemId }: Pick<Example, "dataType" | "path" | "problemId">,
  options: MediaOptions,
  { seed = 0, signal }: { seed?: number; signal?: AbortSignal } = {},
): Promise<LoadedClip> {
  const file = await resolveMedia(options.mediaRoot, path);
  if (dataType === "image") {
    const { imageMinPixels: minPixels, imageMaxPixels: maxPixels } = options;
    return { ...(await decodeImage(file)), indices: [0], minPixels, maxPixels, resizeRules: "qwenVlUtils" };
  }
  const { nframes, fps, minFrames, maxFrames, videoMinPixels: minPixels, videoMaxPixels, time } = options;
  const count =
    typeof nframes === "object" ? nframes[Math.floor(uniformAt(seed, problemId) * nframes.length)] : nframes;
  const clip = await decodeVideo(file, {
    ...(count === undefined ? { fps, minFrames, maxFrames } : { nframes: count }),
    ...(signal && { signal }),
  });
  const { rgb, frames, height, width, kind, indices } = clip;
  return {
    ...{ rgb, frames, height, width, kind, indices, minPixels, resizeRules: "qwenVlUtils" },
    fps: time === "uniform" ? 2 : clip.fps,
    maxPixels: frameMaxPixels(frames, { minPixels, videoMaxPixels }),
  };
}
