import type { MediaOptions } from "../options.ts";
import { preparedClip } from "../prepared/prepared-clip.ts";
import type { Example } from "../schema.ts";
import type { Clip } from "./clip.ts";
import { type ClipRequest, clipRequests } from "./clip-request.ts";
import { decodeImage } from "./decode-image.ts";
import { keptClip } from "./kept-clips.ts";
import { loadVideo } from "./load-video.ts";
import { pixelLimits } from "./pixel-limits.ts";
import { resolveMedia } from "./resolve.ts";
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
  /** The frames come from a folder of prepared ones: they have their final size, and had another in the file. */
  resized?: true;
  resizedFrom?: { height: number; width: number };
  /** What the processor has made of `rgb` ahead of time. */
  cut?: { rgb: Uint8Array; rows: Float32Array };
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
  const named = (line: string) => onWarning(`Record ${example.problemId}, ${line}`);
  const load = (request: ClipRequest) => loadClip(request, options, { ...(signal && { signal }), onWarning: named });
  return await Promise.all(clipRequests(example, options, seed).map(load));
}

/** Loads the frames of one of a record's media; arguments and errors are those of {@link loadClips}. */
export async function loadClip(
  request: ClipRequest,
  options: MediaOptions,
  { signal, onWarning = warn }: Omit<LoadClipOptions, "seed"> = {},
): Promise<LoadedClip> {
  const { item, sampling } = request;
  const stored = await preparedClip(request, options, onWarning);
  const told = (frames: number, warnings: readonly string[]) => {
    if (warnings.length > 0) onWarning(`${item.path}: ${frames} frames taken; ${warnings.join("; ")}`);
  };
  const limited = <T extends Clip>(clip: T) => ({
    ...clip,
    ...(clip.kind === "video" && options.time === "uniform" && { fps: uniformFps }),
    ...pixelLimits(item, clip.frames, options),
    resizeRules,
  });
  if (stored) {
    const { warnings, ...clip } = stored;
    told(clip.frames, warnings);
    return limited(clip);
  }
  const { keepBytes } = options.decoder;
  const keep = <T extends Clip>(decode: () => Promise<T>): Promise<T> =>
    keepBytes === 0
      ? decode()
      : keptClip(JSON.stringify([options.mediaRoot, options.decoder, request]), keepBytes, decode);
  if (item.kind === "image") {
    const picture = await keep(async () => decodeImage(await resolveMedia(options.mediaRoot, item.path as string)));
    return limited({ ...picture, indices: [0] });
  }
  const { totalFrames, durationSeconds, warnings, ...clip } = await keep(() =>
    loadVideo(options.mediaRoot, item, { ...sampling, ...options.decoder, ...(signal && { signal }) }),
  );
  told(clip.frames, warnings);
  return limited(clip);
}

export interface LoadClipOptions {
  seed?: number;
  signal?: AbortSignal;
  onWarning?: (line: string) => void;
}

const warn = (line: string) => process.emitWarning(line, "DamagedMediaWarning");
