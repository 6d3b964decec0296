import { uniformAt } from "@videor1/random";
import type { MediaOptions } from "../options.ts";
import type { Example } from "../schema.ts";
import type { Clip } from "./clip.ts";
import { decodeImage } from "./decode-image.ts";
import { decodeVideo } from "./decode-video.ts";
import { resolveMedia } from "./resolve.ts";
import { frameMaxPixels } from "./sample-frames.ts";
import { resizeRules, uniformFps } from "./video-r1.ts";

/** A clip, where its frames come from, and the pixels that each may have when the processor resizes it. */
export interface LoadedClip extends Clip {
  /** Display positions of the frames in the file; [0] for an image. */
  indices: number[];
  minPixels: number;
  maxPixels: number;
  resizeRules: typeof resizeRules;
}

/**
 * Loads the frames of an example's media file, with Video-R1's pixel limits. With time "uniform" a video carries 2 frames a
 * second, that is one second a frame pair, whatever its sampled rate.
 *
 * @param seed - Seeds, with the problem id, the choice among several `nframes`.
 * @param onWarning - Receives one line for each damaged video that `allowPartial` accepted; default: a process warning.
 * @throws {MediaNotFoundError} As {@link resolveMedia}.
 * @throws {DecodeError} As {@link decodeVideo} and {@link decodeImage}. Nothing ever takes the place of an unreadable file.
 * @see tulerfeng/Video-R1@59d65c3 qwen-vl-utils vision_process.py `fetch_video`, `fetch_image`
 */
export async function loadClip(
  { dataType, path, problemId }: Pick<Example, "dataType" | "path" | "problemId">,
  options: MediaOptions,
  { seed = 0, signal, onWarning = warn }: LoadClipOptions = {},
): Promise<LoadedClip> {
  const file = await resolveMedia(options.mediaRoot, path);
  if (dataType === "image") {
    const { imageMinPixels: minPixels, imageMaxPixels: maxPixels } = options;
    return { ...(await decodeImage(file)), indices: [0], minPixels, maxPixels, resizeRules };
  }
  const { nframes, fps, minFrames, maxFrames, videoMinPixels: minPixels, videoMaxPixels, time } = options;
  const count =
    typeof nframes === "object" ? nframes[Math.floor(uniformAt(seed, problemId) * nframes.length)] : nframes;
  const { totalFrames, durationSeconds, warnings, ...clip } = await decodeVideo(file, {
    ...(count === undefined ? { fps, minFrames, maxFrames } : { nframes: count }),
    ...options.decoder,
    ...(signal && { signal }),
  });
  if (warnings.length > 0)
    onWarning(`Record ${problemId}, ${file}: ${clip.frames} frames taken; ${warnings.join("; ")}`);
  return {
    ...clip,
    fps: time === "uniform" ? uniformFps : clip.fps,
    minPixels,
    maxPixels: frameMaxPixels(clip.frames, { minPixels, videoMaxPixels }),
    resizeRules,
  };
}

export interface LoadClipOptions {
  seed?: number;
  signal?: AbortSignal;
  onWarning?: (line: string) => void;
}

const warn = (line: string) => process.emitWarning(line, "DamagedMediaWarning");
