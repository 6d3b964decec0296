import { setImmediate } from "node:timers/promises";
import { DecodeError } from "../errors.ts";
import { DecoderOptions } from "../options.ts";
import { withBackend } from "./backend.ts";
import { chooseFrames } from "./choose-frames.ts";
import type { Clip } from "./clip.ts";
import { openWithFfmpeg } from "./ffmpeg-source.ts";
import type { VideoWindow } from "./frame-range.ts";
import { inspectFile } from "./media-file.ts";
import { openWithNodeAv } from "./node-av-source.ts";
import type { SampleOptions } from "./sample-frames.ts";
import type { VideoSource } from "./video-source.ts";

/** The frames to take, and how to read the file; defaults are those of {@link DecoderOptions}. */
export interface DecodeVideoOptions extends SampleOptions, VideoWindow, Partial<DecoderOptions> {
  signal?: AbortSignal;
}

/** A video's sampled frames and where they come from. */
export interface VideoClip extends Clip {
  kind: "video";
  /** Frames per second among the sampled frames. */
  fps: number;
  /** Display position of each sampled frame in the video, ascending. */
  indices: number[];
  /** Seconds from the video's first frame to each sampled frame: torchcodec's pts_seconds less that of the first. */
  timestamps: number[];
  totalFrames: number;
  durationSeconds: number;
  /** Faults that `allowPartial` accepted; otherwise empty. */
  warnings: string[];
}

const decoderDefaults = DecoderOptions.parse({});

/**
 * Decodes evenly spread frames of a video file, or of its part from `videoStart` to `videoEnd`, at native size, as
 * {@link chooseFrames} does. It counts the frames shown, in display order,
 * and turns them upright as the file says (as decord; PyAV does not).
 *
 * @returns rgb uint8 [frames, height, width, 3].
 * @throws {DecodeError} If the file is no video, is damaged (unless `allowPartial`), has too few frames there, or takes longer
 * than `timeoutSeconds`. No other video ever takes its place.
 * @throws {VideoBackendError} If no backend is installed.
 * @see tulerfeng/Video-R1@59d65c3 qwen-vl-utils vision_process.py `_read_video_decord`
 */
export async function decodeVideo(path: string, options: DecodeVideoOptions = {}): Promise<VideoClip> {
  const { backend, allowPartial, timeoutSeconds, threads, whole, rotate } = {
    ...decoderDefaults,
    ...options,
  };
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  await setImmediate(); // a small file is decoded within one turn of the event loop: yield first
  try {
    const { bytes, announcedBytes = bytes, zeroBytes } = inspectFile(path);
    const source = await withBackend(
      backend,
      (av) => openWithNodeAv(av, path, { bytes, threads, whole, rotate, signal }),
      () => openWithFfmpeg(path, { bytes, threads, whole, rotate, signal }),
    );
    if (bytes < announcedBytes) source.warnings.push(`the file is cut short: ${bytes} of ${announcedBytes} bytes`);
    if (zeroBytes > 0) source.warnings.push(`the file ends in ${zeroBytes} zero bytes`);
    const fail = (warnings: readonly string[]) => {
      if (warnings.length > 0 && !allowPartial) throw damaged(path, warnings);
    };
    fail(source.warnings);
    const { totalFrames, durationSeconds } = source;
    const chosen = chooseFrames(path, { totalFrames, fps: averageFps(source) }, { ...decoderDefaults, ...options });
    const wanted = chosen.indices;
    const { indices, rgb, height, width, warnings } = await source.read(wanted);
    const missing = wanted.length - indices.length;
    if (missing > 0) warnings.push(`${missing} of ${wanted.length} frames cannot be decoded`);
    fail(warnings);
    if (indices.length === 0) throw damaged(path, warnings);
    return {
      rgb,
      frames: indices.length,
      height,
      width,
      kind: "video",
      fps: chosen.fps,
      indices,
      timestamps: source.secondsOf(indices) ?? indices.map((index) => index / averageFps(source)),
      totalFrames,
      durationSeconds,
      warnings: [...source.warnings, ...warnings],
    };
  } catch (error) {
    if (!timeout.aborted || options.signal?.aborted) throw error;
    throw new DecodeError(path, `takes longer than ${timeoutSeconds} s`, {
      cause: error,
      hint: "Raise timeoutSeconds in the section media.decoder, or leave the record out.",
    });
  }
}

/** The rate that the container declares, else frames per duration; 1 for a file without any times. */
function averageFps({ fps, totalFrames, durationSeconds }: VideoSource): number {
  if (fps > 0 && Number.isFinite(fps)) return fps;
  return durationSeconds > 0 ? totalFrames / durationSeconds : 1;
}

function damaged(path: string, warnings: readonly string[]): DecodeError {
  const more = warnings.length > 3 ? `; and ${warnings.length - 3} more faults` : "";
  return new DecodeError(path, warnings.slice(0, 3).join("; ") + more, {
    hint: "The file is damaged: replace it, leave its record out, or set allowPartial=true in the section media.decoder to use the frames that can be read.",
  });
}
