import sharp, { type Sharp } from "sharp";

/** Frames side by side in one image. */
export interface FrameStrip {
  /** Data URI, `count` frames of equal width. */
  uri: string;
  count: number;
  /** Size of one frame. */
  width: number;
  height: number;
}

/** Decoded frames of one size: uint8 [frames, height, width, 3]. */
export interface Frames {
  rgb: Uint8Array;
  frames: number;
  width: number;
  height: number;
}

/** One frame: uint8 [height, width, 3]. */
export type Frame = Omit<Frames, "frames">;

export interface StripOptions {
  /** Higher frames are scaled down to this. Default 112. */
  maxHeight?: number;
  /** `"png"` keeps flat colours as they are; `"jpeg"` is small for films. Default `"png"`. */
  format?: "png" | "jpeg";
}

/** The frames of a clip one by one; they share its memory. */
export function framesOf({ rgb, frames, width, height }: Frames): Frame[] {
  const bytes = width * height * 3;
  return Array.from({ length: frames }, (_, f) => ({
    rgb: rgb.subarray(f * bytes, (f + 1) * bytes),
    width,
    height,
  }));
}

/** Lays frames side by side, each within the size of the first. */
export async function stripOf(
  frames: readonly Frame[],
  { maxHeight = 112, format = "png" }: StripOptions = {},
): Promise<FrameStrip> {
  const { height, width } = frames[0]!;
  const scale = Math.min(1, maxHeight / height);
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  const tiles = frames.map(({ rgb, width, height }) =>
    sharp(rgb, { raw: { width, height, channels: 3 } })
      .resize({ ...size, fit: "contain" })
      .png()
      .toBuffer(),
  );
  const count = tiles.length;
  const strip = sharp({
    create: { width: size.width * count, height: size.height, channels: 3, background: "black" },
  }).composite((await Promise.all(tiles)).map((input, f) => ({ input, left: f * size.width, top: 0 })));
  const bytes = await encoders[format](strip).toBuffer();
  return { uri: `data:image/${format};base64,${bytes.toString("base64")}`, count, ...size };
}

const encoders: Record<NonNullable<StripOptions["format"]>, (strip: Sharp) => Sharp> = {
  png: (strip) => strip.png({ palette: true, colors: 128, dither: 0 }),
  jpeg: (strip) => strip.jpeg({ quality: 60 }),
};
