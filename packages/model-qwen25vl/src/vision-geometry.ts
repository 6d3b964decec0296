// Shapes: P patches, M merged cells of all images (or videos) of a call.
import type { VisionConfig } from "./config.ts";
import { ModelInputError } from "./errors.ts";
import type { GridThw } from "./rope-index.ts";

export interface VisionGeometry {
  /** [M] merged cell at each place of the windowed order, or null when that order is the original one. */
  windowIndex: Int32Array | null;
  /** Borders of the windows in the windowed patch order, from 0 to P. */
  cuWindowSeqlens: Int32Array;
  /** Borders of the frame pairs, from 0 to P: "full" attention stays inside one. */
  cuSeqlens: Int32Array;
  /** [P, 2] row and column of each patch, original (merge-group) order. */
  hwPositionIds: Int32Array;
}

/**
 * The position of each patch, and the windows and frame pairs within which it attends.
 * Windows tile the merged cells of a frame pair, windowSize / patchSize / spatialMergeSize cells a side, row by row;
 * those at the right and lower border are smaller.
 *
 * @throws {ModelInputError} SHAPE if a grid is not of positive integers with h and w divisible by spatialMergeSize.
 * @see huggingface/transformers v5.12.1 modeling_qwen2_5_vl.py `get_window_index`, `rot_pos_emb`
 */
export function visionGeometry(grids: readonly GridThw[], config: VisionConfig): VisionGeometry {
  const { spatialMergeSize: merge, patchSize, windowSize } = config;
  const side = Math.floor(windowSize / merge / patchSize);
  const patches = grids.reduce((sum, [t, h, w]) => sum + t * h * w, 0);
  const windowIndex = new Int32Array(patches / merge ** 2);
  const hwPositionIds = new Int32Array(2 * patches);
  const cuWindowSeqlens = [0];
  const cuSeqlens = [0];
  let cell = 0; // cells placed so far, windowed order
  let patch = 0;
  for (const [t, h, w] of grids) {
    if (![t, h, w].every((size) => Number.isInteger(size) && size > 0) || h % merge || w % merge) {
      const hint = `A grid counts patches [t, h, w]; h and w must be multiples of spatial_merge_size ${merge}.`;
      throw new ModelInputError("SHAPE", `Vision grid [${[t, h, w]}]`, hint, { grid: [t, h, w] });
    }
    const [rows, columns] = [h / merge, w / merge];
    for (let a = 0; a < t; a++) {
      const first = patch / merge ** 2; // this frame pair's first cell, original order
      for (let top = 0; top < rows; top += side) {
        for (let left = 0; left < columns; left += side) {
          for (let y = top; y < Math.min(top + side, rows); y++)
            for (let x = left; x < Math.min(left + side, columns); x++) windowIndex[cell++] = first + y * columns + x;
          cuWindowSeqlens.push(cell * merge ** 2);
        }
      }
      for (let i = 0; i < h * w; i++, patch++) {
        const group = Math.floor(i / merge ** 2);
        hwPositionIds[2 * patch] = Math.floor(group / columns) * merge + (Math.floor(i / merge) % merge);
        hwPositionIds[2 * patch + 1] = (group % columns) * merge + (i % merge);
      }
      cuSeqlens.push(patch);
    }
  }
  const identity = windowIndex.every((source, place) => source === place);
  return {
    windowIndex: identity ? null : windowIndex,
    cuWindowSeqlens: Int32Array.from(cuWindowSeqlens),
    cuSeqlens: Int32Array.from(cuSeqlens),
    hwPositionIds,
  };
}

/** [M] place of each merged cell in the windowed order: the inverse of `windowIndex`. */
export function invertIndex(index: Int32Array): Int32Array {
  const inverse = new Int32Array(index.length);
  index.forEach((source, place) => {
    inverse[source] = place;
  });
  return inverse;
}
