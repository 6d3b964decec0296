import { readFile } from "node:fs/promises";
import sharp, { type Metadata } from "sharp";
import { DecodeError } from "../errors.ts";
import type { Clip } from "./clip.ts";
import { gifGround } from "./gif-ground.ts";
import { inspectFile } from "./media-file.ts";

type Rgb = [red: number, green: number, blue: number];
const white: Rgb = [255, 255, 255];

/**
 * Decodes an image file (JPEG, PNG, WebP, GIF, TIFF, AVIF) to a clip of one frame at native size, with Pillow's pixels.
 *
 * The EXIF orientation is applied; an embedded colour profile is not, as in Pillow. RGBA is laid on white; grey and
 * palette images become RGB and lose their alpha, and so does the transparent colour of an RGB PNG. CMYK becomes
 * (255 - k) - c (255 - k) / 255. An animation gives its first frame.
 *
 * @returns rgb uint8 [1, height, width, 3].
 * @throws {DecodeError} If the file is no image of these formats, or cannot be read whole.
 * @see tulerfeng/Video-R1@59d65c3 qwen-vl-utils vision_process.py `to_rgb`; python-pillow 13.0 Convert.c `cmyk2rgb`
 */
export async function decodeImage(path: string): Promise<Clip> {
  inspectFile(path);
  try {
    const file = await readFile(path);
    const image = sharp(file, { ignoreIcc: true, failOn: "warning" });
    const metadata = await image.metadata();
    refuseFormat(metadata);
    const space = metadata.space === "cmyk" ? "cmyk" : "srgb";
    if (space === "cmyk") image.pipelineColourspace(space);
    const { data, info } = await image
      .autoOrient()
      .toColourspace(space)
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const rgb = space === "cmyk" ? fromCmyk(data, info.channels) : toRgb(data, info.channels, groundOf(metadata, file));
    return { rgb, frames: 1, height: info.height, width: info.width, kind: "image" };
  } catch (cause) {
    throw new DecodeError(path, (cause as Error).message, {
      cause,
      hint: "Replace the file, or leave its record out.",
    });
  }
}

/** @throws {TypeError} For formats that are not read: HEIC, whose codec is missing, and those that can name other files (SVG). */
function refuseFormat({ format, compression }: Metadata): void {
  if (format === "heif" && compression !== "av1") {
    throw new TypeError("HEIC images are not supported; convert it to JPEG or PNG");
  }
  if (!["jpeg", "png", "webp", "gif", "tiff", "heif"].includes(format)) {
    throw new TypeError(`images of the format ${format} are not supported; convert it to JPEG or PNG`);
  }
}

/** What shows through by alpha; undefined where Pillow drops the alpha. */
function groundOf({ format, channels, isPalette }: Metadata, file: Buffer): Rgb | undefined {
  if (format === "gif") return gifGround(file);
  if (format === "png") {
    const [bits, colourType] = [file[24], file[25]];
    return colourType === 6 || (colourType === 4 && bits === 16) ? white : undefined;
  }
  return channels === 4 && !isPalette ? white : undefined;
}

/** @param pixels - uint8 [..., channels], channels 3 or 4. @param ground - Lay it on this colour by its alpha, as Pillow's `paste`. */
function toRgb(pixels: Buffer, channels: number, ground: Rgb | undefined): Uint8Array {
  const rgb = new Uint8Array((pixels.length / channels) * 3);
  const blends = ground !== undefined && channels === 4;
  for (let from = 0, to = 0; from < pixels.length; from += channels, to += 3) {
    const alpha = blends ? pixels[from + 3]! : 255;
    for (let c = 0; c < 3; c += 1) {
      rgb[to + c] = alpha === 255 ? pixels[from + c]! : blend(pixels[from + c]!, ground![c]!, alpha);
    }
  }
  return rgb;
}

const blend = (value: number, ground: number, alpha: number): number =>
  Math.round((value * alpha + ground * (255 - alpha)) / 255);

/** @param pixels - uint8 [..., channels], the first four cyan, magenta, yellow and black. */
function fromCmyk(pixels: Buffer, channels: number): Uint8Array {
  const rgb = new Uint8Array((pixels.length / channels) * 3);
  for (let from = 0, to = 0; from < pixels.length; from += channels, to += 3) {
    const light = 255 - pixels[from + 3]!;
    for (let c = 0; c < 3; c += 1) rgb[to + c] = light - divideBy255(pixels[from + c]! * light);
  }
  return rgb;
}

/** Pillow's rounded x / 255, for x below 2^16. */
function divideBy255(x: number): number {
  const shifted = x + 128;
  return ((shifted >> 8) + shifted) >> 8;
}
