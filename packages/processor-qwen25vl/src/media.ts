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

/**
 * Cuts clips into patches, after resizing those that are not resized yet; undefined if there are no clips. Patches that were cut ahead
 * are taken as they are, those of a single clip without a copy.
 */
export function prepareMedia(clips: readonly Clip[], options: PixelOptions): Media | undefined {
  if (clips.length === 0) return undefined;
  const resized = clips.map((clip) => resizeClip(clip, options));
  const grids = resized.map((clip) => patchGrid(clip, options));
  const counts = grids.map(([t, h, w]) => t * h * w);
  const columns = patchLength(options);
  const lengths = counts.map((count) => count * columns);
  const ready = resized.map((clip, index) => readyRows(clip, lengths[index]!));
  const data = (ready.length === 1 ? ready[0] : undefined) ?? new Float32Array(lengths.reduce((a, b) => a + b));
  let offset = 0;
  for (const [index, clip] of resized.entries()) {
    const end = offset + lengths[index]!;
    const rows = ready[index];
    if (!rows) writePatches(clip, options, data.subarray(offset, end));
    else if (rows !== data) data.set(rows, offset);
    offset = end;
  }
  return {
    tokens: counts.map((count) => count / options.mergeSize ** 2),
    patches: { data, shape: [data.length / columns, columns] },
    grids: { data: Int32Array.from(grids.flat()), shape: [grids.length, 3] },
  };
}

/** The rows of a clip that was cut ahead, if they are of its pixels and of this size. */
function readyRows({ rgb, cut }: Clip, length: number): Float32Array | undefined {
  return cut?.rgb === rgb && cut.rows.length === length ? cut.rows : undefined;
}
