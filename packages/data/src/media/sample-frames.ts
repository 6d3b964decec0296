import { maxSampledFrames, minSampledFrames, sampledFps, totalVideoPixels, videoPixels } from "./video-r1.ts";

/** How many frames to take. `nframes` asks for a number; the other fields for a rate within bounds; defaults in `video-r1.ts`. */
export interface SampleOptions {
  /** Sampled frames per second. */
  fps?: number;
  minFrames?: number;
  maxFrames?: number;
  /** Number of frames, rounded to even; not together with `fps`. */
  nframes?: number;
}

/** Frames are taken in pairs: the model's temporal patch holds two. */
const frameFactor = 2;

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
  const nframes = options.nframes === undefined ? framesByRate(options, totalFrames, videoFps) : asked(options);
  if (!(nframes >= frameFactor && nframes <= totalFrames)) {
    throw new RangeError(`smartNframes: ${nframes} frames must be in [${frameFactor}, ${totalFrames}]`);
  }
  return nframes;
}

function asked({ nframes = 0, fps }: SampleOptions): number {
  if (fps !== undefined) throw new RangeError(`smartNframes: either fps=${fps} or nframes=${nframes}, not both`);
  return roundHalfEven(nframes / frameFactor) * frameFactor;
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
 * `steps` indices spread evenly over 0..totalFrames-1, both ends included: round_half_even(linspace(0, total-1, steps)).
 *
 * As torch.linspace in float32: the first half counts up from the start, the second half down from the end, with one
 * rounding of step * i and one of the sum.
 */
export function frameIndices(totalFrames: number, steps: number): number[] {
  const end = totalFrames - 1;
  const step = Math.fround(end / (steps - 1));
  return Array.from({ length: steps }, (_, i) => {
    const value = i < Math.floor(steps / 2) ? Math.fround(step * i) : Math.fround(end - step * (steps - 1 - i));
    return roundHalfEven(value);
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
  minPixels?: number;
  videoMaxPixels?: number;
  /** Pixels of all frames of one video. */
  totalPixels?: number;
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
