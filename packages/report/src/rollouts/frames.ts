import { join } from "node:path";
import { type Clip, decodeImage, loadVideo, MediaItem, mediaOf, resolveMedia } from "@videor1/data";
import { RunFileError } from "@videor1/runs";
import sharp from "sharp";
import type { Rollouts } from "../read/run-schema.ts";

/** The frames that the model saw, in order, side by side in one image. */
export interface FrameStrip {
  /** PNG data URI, `count` frames of equal width. */
  uri: string;
  count: number;
  /** Size of one frame. */
  width: number;
  height: number;
}

/** Higher frames are scaled down to this. */
const maxHeight = 112;

/**
 * The strip of a logged group, decoded again from its media file.
 *
 * @param mediaRoot - folder that the group's `path` is relative to.
 * @throws {RunFileError} `RUN_FILES_DISAGREE` if the file has other frames than the log says.
 */
export async function frameStrip(
  mediaRoot: string,
  { frameIndices, media, ...group }: Pick<Rollouts, "path" | "dataType" | "frameIndices" | "media">,
): Promise<FrameStrip> {
  const [item] = media === undefined ? mediaOf(group) : MediaItem.array().parse(media);
  const { kind, videoStart, videoEnd } = item!;
  if (kind === "image") return stripOf(await decodeImage(await resolveMedia(mediaRoot, group.path)));
  const clip = await loadVideo(mediaRoot, item!, {
    nframes: frameIndices.length,
    videoStart,
    videoEnd,
    allowSingleFrame: true,
  });
  if (clip.indices.join() !== frameIndices.join()) {
    throw new RunFileError("RUN_FILES_DISAGREE", {
      path: join(mediaRoot, group.path),
      reason: `has frames ${clip.indices.join(", ")}, the log names ${frameIndices.join(", ")}`,
      hint: "The media changed after the run, or mediaRoot names another data set.",
    });
  }
  return stripOf(clip);
}

/** Lays the frames of a clip side by side. */
export async function stripOf({ rgb, frames, width, height }: Clip): Promise<FrameStrip> {
  const scale = Math.min(1, maxHeight / height);
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  const frameBytes = width * height * 3;
  const tiles = Array.from({ length: frames }, (_, f) =>
    sharp(rgb.subarray(f * frameBytes, (f + 1) * frameBytes), { raw: { width, height, channels: 3 } })
      .resize(size)
      .png()
      .toBuffer(),
  );
  const png = await sharp({
    create: { width: size.width * frames, height: size.height, channels: 3, background: "black" },
  })
    .composite((await Promise.all(tiles)).map((input, f) => ({ input, left: f * size.width, top: 0 })))
    .png({ palette: true, colors: 128, dither: 0 })
    .toBuffer();
  return { uri: `data:image/png;base64,${png.toString("base64")}`, count: frames, ...size };
}
