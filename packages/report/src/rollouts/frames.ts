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

type Logged = Pick<Rollouts, "path" | "dataType" | "frameIndices" | "clipFrames" | "media">;

/**
 * The strip of a logged group, decoded again from its media files.
 *
 * @param mediaRoot - folder that the group's `path` is relative to.
 * @throws {RunFileError} `RUN_FILES_DISAGREE` if the file has other frames than the log says.
 */
export async function frameStrip(
  mediaRoot: string,
  { frameIndices, clipFrames = [frameIndices.length], media, ...group }: Logged,
): Promise<FrameStrip> {
  const items = media === undefined ? mediaOf(group) : MediaItem.array().parse(media);
  const clips = await Promise.all(items.map((item, i) => loggedClip(mediaRoot, item, clipFrames[i] ?? 1)));
  const indices = clips.flatMap((clip) => clip.indices);
  if (indices.join() !== frameIndices.join()) {
    throw new RunFileError("RUN_FILES_DISAGREE", {
      path: join(mediaRoot, group.path),
      reason: `has frames ${indices.join(", ")}, the log names ${frameIndices.join(", ")}`,
      hint: "The media changed after the run, or mediaRoot names another data set.",
    });
  }
  return await stripOf(clips);
}

/** The clip that so many frames of an item make. */
async function loggedClip(mediaRoot: string, item: MediaItem, nframes: number): Promise<Clip & { indices: number[] }> {
  const { kind, path, videoStart, videoEnd } = item;
  if (kind === "image") return { ...(await decodeImage(await resolveMedia(mediaRoot, path as string))), indices: [0] };
  return await loadVideo(mediaRoot, item, { nframes, videoStart, videoEnd, allowSingleFrame: true });
}

/** Lays the frames of clips side by side, each within the size of the first. */
async function stripOf(clips: readonly Clip[]): Promise<FrameStrip> {
  const { height, width } = clips[0]!;
  const scale = Math.min(1, maxHeight / height);
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  const tiles = clips.flatMap(({ rgb, frames, width, height }) => {
    const frameBytes = width * height * 3;
    return Array.from({ length: frames }, (_, f) =>
      sharp(rgb.subarray(f * frameBytes, (f + 1) * frameBytes), { raw: { width, height, channels: 3 } })
        .resize({ ...size, fit: "contain" })
        .png()
        .toBuffer(),
    );
  });
  const count = tiles.length;
  const png = await sharp({
    create: { width: size.width * count, height: size.height, channels: 3, background: "black" },
  })
    .composite((await Promise.all(tiles)).map((input, f) => ({ input, left: f * size.width, top: 0 })))
    .png({ palette: true, colors: 128, dither: 0 })
    .toBuffer();
  return { uri: `data:image/png;base64,${png.toString("base64")}`, count, ...size };
}
