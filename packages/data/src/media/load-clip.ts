import type { Example } from "../schema.ts";
import { uniform } from "../shuffle.ts";
import type { Clip } from "./clip.ts";
import { decodeImage } from "./decode-image.ts";
import { type DecodeVideoOptions, decodeVideo } from "./decode-video.ts";
import { resolveMedia } from "./resolve.ts";

/** How the frames of an example are found and chosen; the options of {@link decodeVideo} concern videos only. */
export interface ClipOptions extends Omit<DecodeVideoOptions, "nframes"> {
  /** Folder that the records' paths start from. */
  mediaRoot: string;
  /** Frames of every video, or counts of which `seed` chooses one. Without it fps, minFrames and maxFrames decide. */
  nframes?: number | readonly number[];
  /** Default 0. The choice among several `nframes` depends on it and on the problem id. */
  seed?: number;
  /** `real`: the clip carries its sampled rate. `uniform`: it carries none, as Video-R1 trains. Default `real`. */
  time?: "uniform" | "real";
}

/** A clip and the display positions of its frames in the file. */
export interface LoadedClip extends Clip {
  indices: number[];
}

/**
 * The frames of an example's media file.
 *
 * @throws {MediaNotFoundError} As {@link resolveMedia}. @throws {DecodeError} As {@link decodeVideo}, {@link decodeImage}.
 */
export async function loadClip(
  { dataType, path, problemId }: Pick<Example, "dataType" | "path" | "problemId">,
  options: ClipOptions,
): Promise<LoadedClip> {
  const { mediaRoot, nframes, seed = 0, time = "real", fps, ...rest } = options;
  const file = await resolveMedia(mediaRoot, path);
  if (dataType === "image") return { ...(await decodeImage(file)), indices: [0] };
  const count = typeof nframes === "object" ? nframes[Math.floor(uniform(seed, problemId) * nframes.length)] : nframes;
  const rate = count !== undefined ? { nframes: count } : fps === undefined ? {} : { fps };
  const clip = await decodeVideo(file, { ...rest, ...rate });
  const { rgb, frames, height, width, kind, indices } = clip;
  return { rgb, frames, height, width, kind, indices, ...(time === "real" ? { fps: clip.fps } : {}) };
}
