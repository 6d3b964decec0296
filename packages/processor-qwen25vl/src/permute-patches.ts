// Shape suffixes: T groups of S frames, N patches of a group, C channels, p pixels of a patch.
import type { Clip } from "./clip.ts";
import { type PatchOptions, patchGrid } from "./patches.ts";

/**
 * The patch rows of a clip with its frames in another order, from those in order: runs of `p` floats in other places, so the bytes are
 * those of permuting first. Rows are [(T,N), (C,S,p)], and a temporal patch holds S frames; a missing last frame repeats the one before.
 *
 * @param rows - Of the ordered clip.
 * @param permutation - [frames] frame f of the result is frame permutation[f] of the clip.
 */
export function permutePatches(
  rows: Float32Array,
  clip: Clip,
  permutation: readonly number[],
  options: PatchOptions,
): Float32Array {
  const { patchSize, temporalPatchSize: S } = options;
  const [T, gridH, gridW] = patchGrid(clip, options);
  const N = gridH * gridW;
  const p = patchSize * patchSize;
  const row = 3 * S * p;
  const permuted = new Float32Array(rows.length);
  for (let t = 0; t < T; t++) {
    for (let s = 0; s < S; s++) {
      const frame = permutation[Math.min(t * S + s, clip.frames - 1)]!;
      const from = Math.floor(frame / S) * N * row + (frame % S) * p;
      const to = t * N * row + s * p;
      for (let run = 0; run < N * row; run += S * p) {
        const source = from + run;
        permuted.set(rows.subarray(source, source + p), to + run);
      }
    }
  }
  return permuted;
}
