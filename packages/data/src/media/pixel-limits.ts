import type { MediaOptions } from "../options.ts";
import type { MediaItem } from "./media-item.ts";
import { frameMaxPixels } from "./sample-frames.ts";
import { askedPixels, largestFramePixels } from "./video-r1.ts";

/** What decides the size to which a processor resizes a clip. */
export interface PixelChoice {
  minPixels: number;
  maxPixels: number;
  resizedHeight?: number;
  resizedWidth?: number;
}

/**
 * The size of an image or of a video's frames, as the record asks for it, else by the options. Of a video's `maxPixels` the
 * smaller of the record's and of {@link frameMaxPixels} counts; there a record may go up to qwen-vl-utils' own limit.
 *
 * @see QwenLM/Qwen3-VL qwen-vl-utils 0.0.14 vision_process.py `fetch_image`, `fetch_video`
 */
export function pixelLimits(item: MediaItem, frames: number, options: MediaOptions): PixelChoice {
  const { resizedHeight, resizedWidth, totalPixels } = item;
  if (resizedHeight !== undefined && resizedWidth !== undefined)
    return { minPixels: askedPixels.min, maxPixels: askedPixels.max, resizedHeight, resizedWidth };
  if (item.kind === "image") {
    const { imageMinPixels, imageMaxPixels } = options;
    return { minPixels: item.minPixels ?? imageMinPixels, maxPixels: item.maxPixels ?? imageMaxPixels };
  }
  const { minPixels = options.videoMinPixels, maxPixels = Number.POSITIVE_INFINITY } = item;
  const largest = item.maxPixels === undefined ? 0 : largestFramePixels;
  const videoMaxPixels = Math.max(options.videoMaxPixels, largest);
  return {
    minPixels,
    maxPixels: Math.min(maxPixels, frameMaxPixels(frames, { minPixels, videoMaxPixels, totalPixels })),
  };
}
