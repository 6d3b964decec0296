import type { ResizeRules } from "./smart-resize.ts";

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
  /** The size that is rounded to whole patches within the bounds; default: the clip's own. */
  resizedHeight?: number;
  resizedWidth?: number;
  /** Rounding of the target size, and the library whose pixels a resize gives; default "hf". */
  resizeRules?: ResizeRules;
  /** The clip has its final size: `resizeClip` set this, and no later call resizes it again. */
  resized?: boolean;
  /** The size before; where a resized clip has it, its own is checked to be the one that this processor gives. */
  resizedFrom?: { height: number; width: number };
  /** Patches that `cutClip` has made ahead of time; they count as long as `rgb` is the clip's own, and are left alone otherwise. */
  cut?: CutPatches;
}

/** Normalised patch rows, [N,P] floats, and the pixels that they were cut from. */
export interface CutPatches {
  rgb: Uint8Array;
  rows: Float32Array;
}

/** @throws {RangeError} If `rgb` has not F h w 3 bytes, an image has more than one frame, or `fps` is no rate. */
export function checkClip({ kind, rgb, frames, height, width, fps }: Clip): void {
  const expected = frames * height * width * 3;
  if (rgb.length !== expected || expected === 0) {
    throw new RangeError(
      `Clip: ${rgb.length} bytes where ${frames}x${height}x${width}x3 = ${expected} are needed, above 0`,
    );
  }
  if (kind === "image" && frames !== 1) throw new RangeError(`Clip: an image has 1 frame, not ${frames}`);
  if (fps !== undefined && !(fps > 0 && Number.isFinite(fps))) {
    throw new RangeError(`Clip: fps=${fps} must be a finite number above 0, or left out`);
  }
}
