import type { Clip } from "@videor1/data";
import sharp from "sharp";

/** Height of a frame on the page, in pixels. */
const height = 108;

/** The frames of a clip side by side, as a data URI of a JPEG. */
export async function frameStrip({
  rgb,
  frames,
  width,
  height: tall,
}: Clip): Promise<{ uri: string; width: number; height: number }> {
  const wide = Math.max(1, Math.round((width * height) / tall));
  const bytes = width * tall * 3;
  const tiles = Array.from({ length: frames }, (_, f) =>
    sharp(rgb.subarray(f * bytes, (f + 1) * bytes), { raw: { width, height: tall, channels: 3 } })
      .resize({ width: wide, height, fit: "fill" })
      .png()
      .toBuffer(),
  );
  const strip = sharp({ create: { width: wide * frames, height, channels: 3, background: "black" } });
  const placed = (await Promise.all(tiles)).map((input, f) => ({ input, left: f * wide, top: 0 }));
  const jpeg = await strip.composite(placed).jpeg({ quality: 70 }).toBuffer();
  return { uri: `data:image/jpeg;base64,${jpeg.toString("base64")}`, width: wide * frames, height };
}
