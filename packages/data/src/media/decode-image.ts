import sharp from "sharp";
import { DecodeError } from "../errors.ts";
import type { Clip } from "./clip.ts";

/**
 * Decodes an image file (JPEG, PNG, WebP, GIF, TIFF, AVIF) to a clip of one frame at native size.
 *
 * The EXIF orientation is applied; an embedded colour profile is not, as in Pillow. RGBA is laid on white; grey and
 * palette images become RGB and lose their alpha. An animation gives its first frame.
 *
 * @returns rgb uint8 [1, height, width, 3].
 * @throws {DecodeError} If the file is no image, or cannot be read whole.
 * @see tulerfeng/Video-R1@59d65c3 qwen-vl-utils vision_process.py `to_rgb`
 */
export async function decodeImage(path: string): Promise<Clip> {
  try {
    const image = sharp(path, { ignoreIcc: true, failOn: "warning" });
    const { channels, isPalette } = await image.metadata();
    const { data, info } = await image
      .autoOrient()
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const blend = channels === 4 && !isPalette;
    return { rgb: toRgb(data, info.channels, blend), frames: 1, height: info.height, width: info.width, kind: "image" };
  } catch (cause) {
    throw new DecodeError(path, (cause as Error).message, {
      cause,
      hint: "Replace the file, or leave its record out.",
    });
  }
}

/** @param pixels - uint8 [..., channels], channels 3 or 4. @param blend - Lay it on white by its alpha, as Pillow's `paste`. */
function toRgb(pixels: Buffer, channels: number, blend: boolean): Uint8Array {
  const rgb = new Uint8Array((pixels.length / channels) * 3);
  for (let from = 0, to = 0; from < pixels.length; from += channels, to += 3) {
    const alpha = blend ? pixels[from + 3]! : 255;
    for (let c = 0; c < 3; c += 1) rgb[to + c] = Math.round((pixels[from + c]! * alpha + 255 * (255 - alpha)) / 255);
  }
  return rgb;
}
