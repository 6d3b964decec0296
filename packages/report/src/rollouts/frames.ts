import { join } from "node:path";
import { type Clip, decodeImage, loadVideo, MediaItem, mediaOf, resolveMedia } from "@videor1/data";
import { RunFileError } from "@videor1/runs";
import type { Rollouts } from "../read/run-schema.ts";
import { type FrameStrip, framesOf, stripOf } from "./frame-strip.ts";

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
  return await stripOf(clips.flatMap(framesOf));
}

/** The clip that so many frames of an item make. Throws as `loadVideo` and `decodeImage`. */
export async function loggedClip(
  mediaRoot: string,
  item: MediaItem,
  nframes: number,
): Promise<Clip & { indices: number[] }> {
  const { kind, path, videoStart, videoEnd } = item;
  if (kind === "image") return { ...(await decodeImage(await resolveMedia(mediaRoot, path as string))), indices: [0] };
  return await loadVideo(mediaRoot, item, { nframes, videoStart, videoEnd, allowSingleFrame: true });
}
