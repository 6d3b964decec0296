import sharp from "sharp";
import { DecodeError } from "../errors.ts";
import type { Clip } from "./clip.ts";

/**
 * An image file (JPEG, PNG, WebP, GIF, TIFF, AVIF) as a clip of one frame at native size.
 *
 * The EXIF orientation is applied; an embedded colour profile is not, as in Pillow; transparency is laid on white; grey
 * and palette images become RGB; of an animation the first frame counts.
 *
 * @returns rgb uint8 [1, height, width, 3].
 * @throws {DecodeError} If the file is no image that can be read whole.
 * @see tulerfeng/Video-R1@59d65c3 qwen-vl-utils vision_process.py `to_rgb`
 */
export async function decodeImage(path: string): Promise<Clip> {
  try {
    const { data, info } = await sharp(path, { ignoreIcc: true, failOn: "warning" })
      .autoOrient()
      .flatten({ background: "white" })
      .toColourspace("srgb")
      .removeAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    if (channels !== 3) throw new RangeError(`${channels} colour channels instead of 3`);
    return { rgb: new Uint8Array(data.buffer, data.byteOffset, data.length), frames: 1, height, width, kind: "image" };
  } catch (cause) {
    throw new DecodeError(path, (cause as Error).message, {
      cause,
      hint: "Replace the file, or leave its record out.",
    });
  }
}
