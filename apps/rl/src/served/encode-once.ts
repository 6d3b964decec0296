import type { LoadedClip } from "@videor1/data";
import { encodeFrames, type ServedClip } from "@videor1/served-model";
import type { ClipOrders } from "../clip-orders.ts";

/**
 * The clips of one of the orders with their frames as files. Each frame is encoded once, when the first of the orders is asked
 * for: the permuted clips show the same frames.
 */
export function encodeOnce({ ordered, permuted }: ClipOrders): (clips: readonly LoadedClip[]) => Promise<ServedClip[]> {
  let made: Promise<string[][]> | undefined;
  return async (clips) => {
    made ??= Promise.all(ordered.map((clip) => encodeFrames(clip, "png")));
    const files = await made;
    if (clips !== permuted?.clips) return ordered.map((clip, i) => ({ ...clip, files: files[i]! }));
    const frames = files.flat();
    let shown = 0;
    return permuted.clips.map((clip) => {
      const order = permuted.permutation.slice(shown, shown + clip.frames);
      shown += clip.frames;
      return { ...clip, files: order.map((frame) => frames[frame]!) };
    });
  };
}
