import { randomStream, uniformAt } from "@videor1/random";
import type { MediaOptions } from "../options.ts";
import { type Example, mediaOf } from "../schema.ts";
import type { Clip } from "./clip.ts";
import { decodeImage } from "./decode-image.ts";
import type { VideoWindow } from "./frame-range.ts";
import { loadVideo } from "./load-video.ts";
import type { MediaItem } from "./media-item.ts";
import { pixelLimits } from "./pixel-limits.ts";
import { resolveMedia } from "./resolve.ts";
import type { SampleOptions } from "./sample-frames.ts";
import { resizeRules, uniformFps } from "./video-r1.ts";

/** A clip, where its frames come from, and the pixels that each may have when the processor resizes it. */
export interface LoadedClip extends Clip {
  /** Display positions of the frames in the file, places in a list of frame files; [0] for an image. */
  indices: number[];
  /** Seconds from the video's first frame to each frame; videos only. */
  timestamps?: number[];
  minPixels: number;
  maxPixels: number;
  /** The size that the record asks for; the processor rounds it to whole patches. */
  resizedHeight?: number;
  resizedWidth?: number;
  resizeRules: typeof resizeRules;
}

/**
 * Loads the frames of an example's media, in their order, by the options and what the record says over them, with Video-R1's
 * pixel limits. With time "uniform" a video carries 2 frames a second, that is one second a frame pair, whatever its sampled
 * rate.
 *
 * @param seed - Seeds, with the problem id, the choice among several `nframes`, one for all videos of the record.
 * @param onWarning - Receives one line for each damaged video that `allowPartial` accepted; default: a process warning.
 * @throws {MediaNotFoundError} As {@link resolveMedia}.
 * @throws {DecodeError} As {@link loadVideo} and {@link decodeImage}. Nothing ever takes the place of an unreadable file.
 * @see tulerfeng/Video-R1@59d65c3 qwen-vl-utils vision_process.py `fetch_video`, `fetch_image`
 */
export async function loadClips(
  example: Pick<Example, "dataType" | "path" | "media" | "problemId">,
  options: MediaOptions,
  { seed = 0, signal, onWarning = warn }: LoadClipOptions = {},
): Promise<LoadedClip[]> {
  const { problemId } = example;
  const drawn = drawOf(seed, problemId);
  const load = async (item: MediaItem): Promise<LoadedClip> => {
    if (item.kind === "image") {
      const picture = await decodeImage(await resolveMedia(options.mediaRoot, item.path as string));
      return { ...picture, indices: [0], ...pixelLimits(item, 1, options), resizeRules };
    }
    const { totalFrames, durationSeconds, warnings, ...clip } = await loadVideo(options.mediaRoot, item, {
      ...samplingOf(item, options, drawn),
      ...options.decoder,
      ...(signal && { signal }),
    });
    if (warnings.length > 0)
      onWarning(`Record ${problemId}, ${item.path}: ${clip.frames} frames taken; ${warnings.join("; ")}`);
    return {
      ...clip,
      fps: options.time === "uniform" ? uniformFps : clip.fps,
      ...pixelLimits(item, clip.frames, options),
      resizeRules,
    };
  };
  return await Promise.all(mediaOf(example).map(load));
}

/**
 * The record's sampling over the options': `nframes` is a count, `fps`, `minFrames` and `maxFrames` a rate within bounds, and
 * one of the two replaces the other.
 *
 * @param drawn - In [0, 1); chooses among several `nframes` of the options.
 */
function samplingOf(item: MediaItem, options: MediaOptions, drawn: number): SampleOptions & VideoWindow {
  const { videoStart, videoEnd, nframes, fps, minFrames, maxFrames } = item;
  const window = { videoStart, videoEnd, clampNframes: options.clampNframes };
  if (nframes !== undefined) return { ...window, nframes };
  const asksRate = fps !== undefined || minFrames !== undefined || maxFrames !== undefined;
  if (options.nframes !== undefined && !asksRate) {
    const counts = [options.nframes].flat();
    return { ...window, nframes: counts[Math.floor(drawn * counts.length)] };
  }
  const rate = { fps: fps ?? options.fps, minFrames: minFrames ?? options.minFrames };
  return { ...window, ...rate, maxFrames: maxFrames ?? options.maxFrames };
}

const drawOf = (seed: number, id: number | string): number =>
  typeof id === "number" ? uniformAt(seed, id) : randomStream(seed, "nframes", id).next();

export interface LoadClipOptions {
  seed?: number;
  signal?: AbortSignal;
  onWarning?: (line: string) => void;
}

const warn = (line: string) => process.emitWarning(line, "DamagedMediaWarning");
