import type { ProcessorConfig } from "./processor-config.ts";
import { ImageSizeError } from "./processor-errors.ts";
import { resizeBicubic } from "./resize.ts";
import { type ResizeRules, type Size, type SmartResizeOptions, smartResize } from "./smart-resize.ts";

/** Decoded pixels of one image or of the sampled frames of one video. */
export interface Clip {
  kind: "image" | "video";
  /** uint8 [F,h,w,3]; an image has F = 1. */
  rgb: Uint8Array;
  frames: number;
  height: number;
  width: number;
  /** Sampled frames per second of a video; decides `secondPerGridTs`. */
  fps?: number;
  /** Bounds of height x width per frame, instead of the processor's. */
  minPixels?: number;
  maxPixels?: number;
  /** Rounding of the target size; default "hf". */
  resizeRules?: ResizeRules;
}

function checkClip({ kind, rgb, frames, height, width }: Clip): void {
  const expected = frames * height * width * 3;
  if (rgb.length !== expected || expected === 0) {
    throw new RangeError(
      `Clip: ${rgb.length} bytes where ${frames}x${height}x${width}x3 = ${expected} are needed, above 0`,
    );
  }
  if (kind === "image" && frames !== 1) throw new RangeError(`Clip: an image has 1 frame, not ${frames}`);
}

/**
 * The clip at its smart-resized size; itself, and not a copy, if that is its size. Limits and rules of the clip win over
 * those given. Resizing once and permuting frames afterwards equals permuting first.
 *
 * @throws {RangeError} If `rgb` has not F h w 3 bytes, or an image has more than one frame.
 * @throws {ImageSizeError} If one side is more than 200 times the other, or the limits leave a side of 0 pixels.
 */
export function resizeClip(clip: Clip, limits: Omit<SmartResizeOptions, "rules">): Clip {
  checkClip(clip);
  const size = targetSize(clip, limits);
  const rgb = resizeBicubic(clip.rgb, clip, size);
  return rgb === clip.rgb ? clip : { ...clip, ...size, rgb };
}

function targetSize(clip: Clip, limits: Omit<SmartResizeOptions, "rules">): Size {
  const { minPixels = limits.minPixels, maxPixels = limits.maxPixels, resizeRules = "hf" } = clip;
  const size = smartResize(clip, { factor: limits.factor, minPixels, maxPixels, rules: resizeRules });
  if (size.height < 1 || size.width < 1) {
    throw new ImageSizeError({
      height: clip.height,
      width: clip.width,
      problem: `at most ${maxPixels} pixels leave it ${size.height}x${size.width}`,
      hint: `Raise maxPixels (now ${maxPixels}); one patch group needs ${limits.factor}x${limits.factor} pixels.`,
    });
  }
  return size;
}

/**
 * Refuses a clip that the processor could not resize, so that one bad file fails alone and not the batch it would be in.
 *
 * @param config - Of the processor that will take the clip.
 * @throws {ImageSizeError} As the processor would.
 */
export function checkClipSize(clip: Clip, config: ProcessorConfig): void {
  const { patchSize, mergeSize, minPixels, maxPixels } = config[clip.kind];
  targetSize(clip, { factor: patchSize * mergeSize, minPixels, maxPixels });
}
