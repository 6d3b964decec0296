// Shape suffixes: N patches, P floats of a patch, k clips.
import type { Clip } from "./clip.ts";
import { patchGrid, patchLength, writePatches } from "./patches.ts";
import type { PixelOptions } from "./processor-config.ts";
import { resizeClip } from "./resize-clip.ts";
import type { Rows } from "./rows.ts";

/** The images, or the videos, of a conversation, as the vision tower reads them. */
export interface Media {
  /** [k] placeholder tokens of each clip. */
  tokens: number[];
  /** [N,P] patches of all clips, in order. */
  patches: Rows<Float32Array>;
  /** [k,3] grid of each clip, in patches. */
  grids: Rows<Int32Array>;
}

/** Cuts clips into patches, after resizing those that are not resized yet; undefined if there are no clips. */
export function prepareMedia(clips: readonly Clip[], options: PixelOptions): Media | undefined {
  if (clips.length === 0) return undefined;
  const resized = clips.map((clip) => resizeClip(clip, options));
  const grids = resized.map((clip) => patchGrid(clip, options));
  const counts = grids.map(([t, h, w]) => t * h * w);
  const columns = patchLength(options);
  const data = new Float32Array(counts.reduce((a, b) => a + b) * columns);
  let offset = 0;
  for (const [index, clip] of resized.entries()) {
    const end = offset + counts[index]! * columns;
    writePatches(clip, options, data.subarray(offset, end));
    offset = end;
  }
  return {
    tokens: counts.map((count) => count / options.mergeSize ** 2),
    patches: { data, shape: [data.length / columns, columns] },
    grids: { data: Int32Array.from(grids.flat()), shape: [grids.length, 3] },
  };
}
