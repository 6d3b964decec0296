import type { Clip } from "./clip.ts";
import { prepareMedia } from "./media.ts";
import { permutePatches } from "./permute-patches.ts";
import type { ProcessorConfig } from "./processor-config.ts";
import { resizeClip } from "./resize-clip.ts";

/**
 * Resizes a clip and cuts it into patches: all of the processor's work that no text is needed for, and nearly all of its time. It can be
 * done in another thread; `row` then takes the patches as they are.
 *
 * @throws {ImageSizeError} As `resizeClip`.
 */
export function cutClip<T extends Clip>(clip: T, config: ProcessorConfig): T {
  const options = config[clip.kind];
  const resized = resizeClip(clip, options);
  const rows = prepareMedia([resized], options)!.patches.data;
  return { ...resized, cut: { rgb: resized.rgb, rows } };
}

/**
 * The clip with permuted frames, with its patches: those of the ordered clip in other places, where it was cut ahead.
 *
 * @param permuted - The ordered clip with frame permutation[f] in the place of frame f.
 */
export function cutPermuted<T extends Clip>(
  ordered: T,
  permuted: T,
  permutation: readonly number[],
  config: ProcessorConfig,
): T {
  if (ordered.cut?.rgb !== ordered.rgb) return permuted;
  const rows = permutePatches(ordered.cut.rows, ordered, permutation, config[ordered.kind]);
  return { ...permuted, cut: { rgb: permuted.rgb, rows } };
}
