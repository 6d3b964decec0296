import type { GradedPredictionLine } from "@videor1/runs";
import { type Frames, framesOf, stripOf } from "../../rollouts/frame-strip.ts";
import type { BenchmarkData, ClipView, ShownFrames } from "./benchmark-data.ts";

/** Height of a frame on the page, in pixels, and the most frames of one item. */
const maxHeight = 72;
const maxFrames = 64;

/** The decoded clips of an item, in the order of its media, as the model saw them. */
export type FrameDecoder = (
  item: GradedPredictionLine,
) => Promise<readonly (Frames & { indices: readonly number[] })[]>;

/**
 * The frames of at most `most` clips, spread evenly over all of them. Clips that cannot be read, or have other frames than the
 * model saw, have a reason instead.
 *
 * @param items - an item of each of the clips.
 */
export async function shownFrames(
  clips: readonly (readonly ClipView[])[],
  items: readonly GradedPredictionLine[],
  decode: FrameDecoder,
  most: number,
): Promise<BenchmarkData["frames"]> {
  const frames: BenchmarkData["frames"] = {};
  for (const at of spread(clips.length, most)) {
    try {
      frames[at] = await framesOfItem(items[at]!, clips[at]!, decode);
    } catch (error) {
      frames[at] = { reason: (error as Error).message };
    }
  }
  return frames;
}

async function framesOfItem(
  item: GradedPredictionLine,
  seen: readonly ClipView[],
  decode: FrameDecoder,
): Promise<ShownFrames | { reason: string }> {
  const decoded = await decode(item);
  const indices = (of: readonly { indices: readonly number[] }[]) => of.map(({ indices }) => indices.join()).join(";");
  if (indices(decoded) !== indices(seen)) return { reason: `${item.path} has other frames now than the model saw` };
  const all = decoded.flatMap(framesOf);
  const positions = spread(all.length, maxFrames);
  const strip = await stripOf(
    positions.map((at) => all[at]!),
    { maxHeight, format: "jpeg" },
  );
  return { strip, positions };
}

/** At most `most` of the numbers 0 .. n-1, evenly spread, ascending. */
export function spread(n: number, most: number): number[] {
  const count = Math.min(n, most);
  return Array.from({ length: count }, (_, i) => Math.floor((i * n) / count));
}
