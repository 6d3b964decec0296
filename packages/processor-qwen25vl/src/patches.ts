// Shape suffixes: F frames, h w pixels; T pairs of frames, Y X merge groups, D side of a merge group, C channels, S frames of a patch, P side of a patch.
import type { Clip } from "./clip.ts";

/** How pixels become patch rows; names and values of HF's preprocessor_config.json. */
export interface PatchOptions {
  /** Side of a patch, in pixels. */
  patchSize: number;
  /** Frames of a patch. */
  temporalPatchSize: number;
  /** Side of a merge group, in patches. */
  mergeSize: number;
  rescaleFactor: number;
  imageMean: readonly number[];
  imageStd: readonly number[];
}

/** [t, h, w]: frame pairs and patches down and across. */
export type Grid = readonly [t: number, h: number, w: number];

/** Floats of one patch row: channels x frames x side x side (1176). */
export function patchLength({ patchSize, temporalPatchSize }: PatchOptions): number {
  return 3 * temporalPatchSize * patchSize * patchSize;
}

/** Grid of a clip whose sides are multiples of patch x merge size. Frames round up to whole patches. */
export function patchGrid({ frames, height, width }: Clip, options: PatchOptions): Grid {
  const { patchSize, temporalPatchSize, mergeSize } = options;
  if (height % (patchSize * mergeSize) !== 0 || width % (patchSize * mergeSize) !== 0) {
    throw new RangeError(`patches: ${height}x${width} pixels are no multiple of ${patchSize * mergeSize}`);
  }
  return [Math.ceil(frames / temporalPatchSize), height / patchSize, width / patchSize];
}

/**
 * Writes the normalised patch rows of a clip: out[(T,Y,X,D,D), (C,S,P,P)] = (byte - 255 mean) / (255 std) in float32.
 * Rows run over pairs of frames, then merge groups, then the patches of a group; a missing last frame repeats the one before.
 *
 * @param out - float32 [t h w, patchLength] to fill.
 * @see huggingface/transformers v5.12.1 image_processing_qwen2_vl.py `_preprocess`, video_processing_qwen2_vl.py
 */
export function writePatches(clip: Clip, options: PatchOptions, out: Float32Array): void {
  const { patchSize, temporalPatchSize, mergeSize } = options;
  const { rgb, frames, height, width } = clip;
  const [gridT, gridH, gridW] = patchGrid(clip, options);
  const [red, green, blue] = levelsOf(options);
  const channelSize = temporalPatchSize * patchSize * patchSize;
  let o = 0; // of the first channel
  for (let t = 0; t < gridT; t++) {
    for (let groupY = 0; groupY < gridH; groupY += mergeSize) {
      for (let groupX = 0; groupX < gridW; groupX += mergeSize) {
        for (let patchY = groupY; patchY < groupY + mergeSize; patchY++) {
          for (let patchX = groupX; patchX < groupX + mergeSize; patchX++) {
            for (let s = 0; s < temporalPatchSize; s++) {
              const frame = Math.min(t * temporalPatchSize + s, frames - 1);
              for (let y = patchY * patchSize; y < (patchY + 1) * patchSize; y++) {
                let p = ((frame * height + y) * width + patchX * patchSize) * 3;
                for (const end = o + patchSize; o < end; o++, p += 3) {
                  out[o] = red[rgb[p]!]!;
                  out[o + channelSize] = green[rgb[p + 1]!]!;
                  out[o + 2 * channelSize] = blue[rgb[p + 2]!]!;
                }
              }
            }
            o += 2 * channelSize;
          }
        }
      }
    }
  }
}

type Levels = [red: Float32Array, green: Float32Array, blue: Float32Array];

const known = new WeakMap<PatchOptions, Levels>();

/** The normalised values of the 256 bytes in each channel. */
function levelsOf(options: PatchOptions): Levels {
  const found = known.get(options);
  if (found) return found;
  const made = [0, 1, 2].map((channel) => levels(channel, options)) as Levels;
  known.set(options, made);
  return made;
}

/** The 256 normalised values of a channel, rounded where transformers' fused float32 normalisation rounds. */
function levels(channel: number, { rescaleFactor, imageMean, imageStd }: PatchOptions): Float32Array {
  const mean = Math.fround(Math.fround(imageMean[channel]!) * Math.fround(1 / rescaleFactor));
  const std = Math.fround(Math.fround(imageStd[channel]!) * Math.fround(1 / rescaleFactor));
  return Float32Array.from({ length: 256 }, (_, byte) => Math.fround(byte - mean) / std);
}
