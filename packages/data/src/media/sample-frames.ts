import { maxSampledFrames, minSampledFrames, sampledFps, totalVideoPixels, videoPixels } from "./video-r1.ts";

/** How many frames to take. `nframes` asks for a number; the other fields for a rate within bounds; defaults in `video-r1.ts`. */
export interface SampleOptions {
  /** Sampled frames per second. */
  fps?: number | undefined;
  minFrames?: number | undefined;
  maxFrames?: number | undefined;
  /** Number of frames, rounded to even; not together with `fps`. */
  nframes?: number | undefined;
  /** Take of a video with fewer than `nframes` all, an even number; default: an error. */
  clampNframes?: boolean | undefined;
}

/** Frames are taken in pairs: the model's temporal patch holds two. */
export const frameFactor = 2;

/**
 * The even number of frames to take: `nframes` rounded to even, or total / videoFps * fps bounded by minFrames (rounded
 * up to even), maxFrames (rounded down to even) and the total.
 *
 * @param totalFrames - frames in the video.
 * @param videoFps - average frames per second of the video.
 * @throws {RangeError} If both `fps` and `nframes` are given, or the number is not in [2, totalFrames]; so always for
 * a video of one frame.
 * @see tulerfeng/Video-R1@59d65c3 qwen-vl-utils vision_process.py `smart_nframes`
 */
export function smartNframes(options: SampleOptions, totalFrames: number, videoFps: number): number {
  const nframes =
    options.nframes === undefined ? framesByRate(options, totalFrames, videoFps) : asked(options, totalFrames);
  if (!(nframes >= frameFactor && nframes <= totalFrames)) {
    throw new RangeError(`smartNframes: ${nframes} frames must be in [${frameFactor}, ${totalFrames}]`);
  }
  return nframes;
}

function asked({ nframes = 0, fps, clampNframes = false }: SampleOptions, totalFrames: number): number {
  if (fps !== undefined) throw new RangeError(`smartNframes: either fps=${fps} or nframes=${nframes}, not both`);
  const even = roundHalfEven(nframes / frameFactor) * frameFactor;
  return clampNframes ? Math.min(even, Math.floor(totalFrames / frameFactor) * frameFactor) : even;
}

function framesByRate(options: SampleOptions, totalFrames: number, videoFps: number): number {
  const { fps = sampledFps, minFrames = minSampledFrames } = options;
  const { maxFrames = Math.min(maxSampledFrames, totalFrames) } = options;
  const min = Math.ceil(minFrames / frameFactor) * frameFactor;
  const max = Math.floor(maxFrames / frameFactor) * frameFactor;
  const bounded = Math.min(Math.min(Math.max((totalFrames / videoFps) * fps, min), max), totalFrames);
  return Math.floor(bounded / frameFactor) * frameFactor;
}

/**
 * `steps` indices spread evenly over `totalFrames` frames, both ends included: round_half_even(linspace(first, last, steps)).
 *
 * As torch.linspace in float32: the first half counts up from the first, the second half down from the last, and each sum is
 * rounded once.
 *
 * @param first - The first of the frames; default 0.
 */
export function frameIndices(totalFrames: number, steps: number, first = 0): number[] {
  const last = first + totalFrames - 1;
  const step = Math.fround((last - first) / (steps - 1));
  return Array.from({ length: steps }, (_, i) => {
    const value = i < Math.floor(steps / 2) ? first + step * i : last - step * (steps - 1 - i);
    return roundHalfEven(Math.fround(value));
  });
}

/**
 * Pixels one frame may have: max(min(videoMax, totalPixels / nframes * 2), int(minPixels * 1.05)). With Video-R1's
 * values this is 105,369, above videoMax, because minPixels equals it.
 *
 * @see tulerfeng/Video-R1@59d65c3 qwen-vl-utils vision_process.py `fetch_video`
 */
export function frameMaxPixels(
  nframes: number,
  { minPixels = videoPixels.min, videoMaxPixels = videoPixels.max, totalPixels = totalVideoPixels }: PixelLimits = {},
): number {
  return Math.max(Math.min(videoMaxPixels, (totalPixels / nframes) * frameFactor), Math.trunc(minPixels * 1.05));
}

/** Pixels of a frame, and of a video; defaults in `video-r1.ts`. */
export interface PixelLimits {
  minPixels?: number | undefined;
  videoMaxPixels?: number | undefined;
  /** Pixels of all frames of one video. */
  totalPixels?: number | undefined;
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
