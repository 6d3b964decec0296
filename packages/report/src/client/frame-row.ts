/// <reference lib="dom" />
import type { FrameStrip } from "../rollouts/frame-strip.ts";
import { element } from "./element.ts";

/**
 * A row of frames cut from one strip; position f shows ordered frame `order[f]`.
 *
 * @param seconds - time of each ordered frame in its video, shown where the pointer rests; null for an image.
 */
export function frameRow(
  { uri, count, width, height }: FrameStrip,
  order: readonly number[],
  seconds: readonly (number | null)[] = [],
): HTMLSpanElement {
  const tiles = order.map((frame) => {
    const tile = element("span", { className: "frame", attributes: { "data-frame": String(frame + 1) } });
    const time = seconds[frame] ?? undefined;
    if (time !== undefined) tile.title = `frame ${frame + 1}, ${time.toFixed(2)} s`;
    tile.style.backgroundPositionX = count > 1 ? `${(100 * frame) / (count - 1)}%` : "0";
    return tile;
  });
  const row = element("span", { className: "frames", attributes: { "aria-hidden": "true" } }, tiles);
  row.style.setProperty("--strip", `url("${uri}")`);
  row.style.setProperty("--count", String(count));
  row.style.setProperty("--ratio", String(width / height));
  return row;
}
