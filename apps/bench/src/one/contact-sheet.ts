import type { LoadedClip } from "@videor1/data";
import sharp from "sharp";

/** Frames in a row, and the width of each, in pixels. */
const columns = 4;
const width = 240;

/**
 * Writes the frames of clips into one PNG, in rows of four, in the order in which they are given.
 *
 * @throws {RangeError} If there is no frame.
 */
export async function writeContactSheet(path: string, clips: readonly LoadedClip[]): Promise<void> {
  const tiles = await Promise.all(clips.flatMap((clip) => framesOf(clip).map((rgb) => tileOf(clip, rgb))));
  if (tiles.length === 0) throw new RangeError("writeContactSheet: there is no frame to show");
  const height = Math.max(...tiles.map((tile) => tile.height));
  const rows = Math.ceil(tiles.length / columns);
  const placed = tiles.map(({ input }, i) => ({
    input,
    left: (i % columns) * width,
    top: Math.floor(i / columns) * height,
  }));
  const size = { width: width * Math.min(columns, tiles.length), height: rows * height };
  await sharp({ create: { ...size, channels: 3, background: "white" } })
    .composite(placed)
    .png()
    .toFile(path);
}

function framesOf({ rgb, frames, height, width }: LoadedClip): Uint8Array[] {
  const bytes = height * width * 3;
  return Array.from({ length: frames }, (_, f) => rgb.subarray(f * bytes, (f + 1) * bytes));
}

async function tileOf({ width: w, height: h }: LoadedClip, rgb: Uint8Array) {
  const height = Math.max(1, Math.round((h / w) * width));
  const raw = { width: w, height: h, channels: 3 } as const;
  return { input: await sharp(rgb, { raw }).resize(width, height, { fit: "fill" }).png().toBuffer(), height };
}
