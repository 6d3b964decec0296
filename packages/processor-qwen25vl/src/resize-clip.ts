import { type Clip, checkClip } from "./clip.ts";
import type { PixelOptions, ProcessorConfig } from "./processor-config.ts";
import { ImageSizeError } from "./processor-errors.ts";
import { resizeBicubic } from "./resize.ts";
import { resizeBicubicFloat } from "./resize-float.ts";
import { type Size, smartResize } from "./smart-resize.ts";

/** The pixel options that decide a clip's size. */
export type SizeOptions = Pick<PixelOptions, "patchSize" | "mergeSize" | "minPixels" | "maxPixels">;

/**
 * Resizes a clip to its smart-resized size and marks it as `resized`; a marked clip is returned as it is. The clip's own
 * bounds, rules and size asked for win over those given. Permuting the frames of the result gives the bytes of permuting first.
 *
 * @throws {RangeError} If `rgb` has not F h w 3 bytes, or an image has more than one frame.
 * @throws {ImageSizeError} If one side is more than 200 times the other, or the bounds leave a side of 0 pixels; if a resized
 * clip says what size it had, and would be given another.
 */
export function resizeClip<T extends Clip>(clip: T, options: SizeOptions): T {
  checkClip(clip);
  if (clip.resized) {
    checkResized(clip, options);
    return clip;
  }
  const size = targetSize(clip, options);
  return { ...clip, ...size, rgb: resizeRgb(clip, size), resized: true };
}

/** By the clip's rules: "qwenVlUtils" interpolates videos in float32 and images as Pillow; "hf" all in fixed point, as torchvision v2. */
function resizeRgb({ kind, rgb, resizeRules = "hf", height, width }: Clip, to: Size): Uint8Array {
  const from = { height, width };
  if (resizeRules === "hf") return resizeBicubic(rgb, from, to, "torchvision");
  return kind === "video" ? resizeBicubicFloat(rgb, from, to) : resizeBicubic(rgb, from, to, "pillow12");
}

/**
 * Refuses a clip that the processor could not resize, so that one bad file fails alone and not the batch it would be in.
 *
 * @param config - The settings of the processor that will take the clip.
 * @throws {ImageSizeError} As the processor would.
 */
export function checkClipSize(clip: Clip, config: ProcessorConfig): void {
  if (clip.resized) checkResized(clip, config[clip.kind]);
  else targetSize(clip, config[clip.kind]);
}

function checkResized(clip: Clip, options: SizeOptions): void {
  const { resizedFrom, height, width } = clip;
  if (resizedFrom === undefined) return;
  const size = targetSize({ ...clip, ...resizedFrom }, options);
  if (size.height === height && size.width === width) return;
  throw new ImageSizeError({
    height,
    width,
    problem: `resized before from ${resizedFrom.height}x${resizedFrom.width}, which this model takes as ${size.height}x${size.width}`,
    hint: "Prepare the frames for this model (videor1-data prepare … model=FOLDER), or leave media.prepared out.",
  });
}

function targetSize(clip: Clip, options: SizeOptions): Size {
  const { minPixels = options.minPixels, maxPixels = options.maxPixels, resizeRules = "hf" } = clip;
  const { height, width, resizedHeight = height, resizedWidth = width } = clip;
  const factor = options.patchSize * options.mergeSize;
  const size = smartResize(
    { height: resizedHeight, width: resizedWidth },
    { factor, minPixels, maxPixels, rules: resizeRules },
  );
  if (size.height < 1 || size.width < 1) {
    throw new ImageSizeError({
      height,
      width,
      problem: `at most ${maxPixels} pixels leave it ${size.height}x${size.width}`,
      hint: `Raise maxPixels (now ${maxPixels}); one patch group needs ${factor}x${factor} pixels.`,
    });
  }
  return size;
}
