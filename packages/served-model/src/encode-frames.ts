import type { Clip } from "@videor1/processor-qwen25vl";
import sharp from "sharp";

/** `png` is lossless; `jpeg` (quality 95, full colour resolution) is several times smaller. */
export type FrameFormat = "png" | "jpeg";

/** Base64 of each frame as a file of the format, in order. PNG gives the clip's bytes back. */
export async function encodeFrames(clip: Clip, format: FrameFormat): Promise<string[]> {
  const { rgb, frames, height, width } = clip;
  const length = height * width * 3;
  const encode = async (frame: number): Promise<string> => {
    const pixels = rgb.subarray(frame * length, (frame + 1) * length);
    const image = sharp(pixels, { raw: { width, height, channels: 3 } });
    const file = format === "png" ? image.png() : image.jpeg({ quality: 95, chromaSubsampling: "4:4:4" });
    return (await file.toBuffer()).toString("base64");
  };
  return await Promise.all([...Array(frames).keys()].map(encode));
}
