// Shape suffixes: N patches, P floats of a patch, k clips.
import { type Clip, resizeClip } from "./clip.ts";
import { patchGrid, patchLength, writePatches } from "./patches.ts";
import type { PixelOptions } from "./processor-config.ts";
import type { Rows } from "./rows.ts";

/** The clips of one kind of a batch, as the vision tower reads them. */
export interface Media {
  /** Placeholder tokens of each clip, per conversation. */
  tokens: number[][];
  /** [N,P] patches of all clips in order of conversation, then clip. */
  patches: Rows<Float32Array>;
  /** [k,3] grid of each clip, in patches. */
  grids: Rows<Int32Array>;
}

/** Resizes the clips of one kind and cuts them into patches; undefined if there are none. */
export function prepareMedia(
  kind: Clip["kind"],
  clips: readonly (readonly Clip[])[],
  options: PixelOptions,
): Media | undefined {
  const { patchSize, mergeSize, minPixels, maxPixels } = options;
  const limits = { factor: patchSize * mergeSize, minPixels, maxPixels };
  const resized = clips.map((list) =>
    list.filter((clip) => clip.kind === kind).map((clip) => resizeClip(clip, limits)),
  );
  const all = resized.flat();
  if (all.length === 0) return undefined;

  const grids = all.map((clip) => patchGrid(clip, options));
  const counts = grids.map(([t, h, w]) => t * h * w);
  const columns = patchLength(options);
  const data = new Float32Array(counts.reduce((a, b) => a + b) * columns);
  let offset = 0;
  for (const [index, clip] of all.entries()) {
    const end = offset + counts[index]! * columns;
    writePatches(clip, options, data.subarray(offset, end));
    offset = end;
  }
  const tokensOf = (clip: Clip): number => {
    const [t, h, w] = patchGrid(clip, options);
    return (t * h * w) / mergeSize ** 2;
  };
  return {
    tokens: resized.map((list) => list.map(tokensOf)),
    patches: { data, shape: [data.length / columns, columns] },
    grids: { data: Int32Array.from(grids.flat()), shape: [grids.length, 3] },
  };
}
