import { frameMaxPixels, type MediaOptions } from "@videor1/data";
import type { ModelConfig } from "@videor1/model-qwen25vl";
import type { PromptSize } from "./job.ts";

/** The part of an app's `data` section that limits clips. */
export interface ClipLimits {
  dataType?: "image" | "video" | undefined;
  media: Pick<MediaOptions, "nframes" | "maxFrames" | "videoMinPixels" | "videoMaxPixels" | "imageMaxPixels">;
}

/**
 * Tokens of a prompt beside its clip: template, question, options. Those of Video-R1's records were not counted; it is what the
 * figures of docs/results/qwen25vl-7b_h200_2026-11-29.md were taken with.
 */
const textTokens = 300;

/** The largest prompt that a config lets in: a video of most frames, or an image of most pixels. */
export function promptSize({ dataType, media }: ClipLimits, { vision }: ModelConfig): PromptSize {
  const { patchSize, temporalPatchSize, spatialMergeSize } = vision;
  const side = patchSize * spatialMergeSize;
  const frames = media.nframes === undefined ? media.maxFrames : Math.max(...[media.nframes].flat());
  const cells = (pixels: number) => Math.max(1, Math.floor(pixels / side ** 2));
  const { videoMinPixels: minPixels, videoMaxPixels } = media;
  const framePixels = frameMaxPixels(frames, { minPixels, videoMaxPixels });
  const video = { pairs: Math.ceil(frames / temporalPatchSize), cells: cells(framePixels) };
  const image = { pairs: 1, cells: cells(media.imageMaxPixels) };
  const isVideo = dataType === undefined ? video.pairs * video.cells >= image.cells : dataType === "video";
  const { pairs, cells: count } = isVideo ? video : image;
  const rows = largestDivisor(count);
  const grid = [pairs, rows * spatialMergeSize, (count / rows) * spatialMergeSize] as const;
  return { kind: isVideo ? "video" : "image", grid, textTokens };
}

/** The largest divisor up to the square root. */
function largestDivisor(count: number): number {
  let divisor = Math.floor(Math.sqrt(count));
  while (count % divisor !== 0) divisor--;
  return divisor;
}
