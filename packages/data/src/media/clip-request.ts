import { randomStream, uniformAt } from "@videor1/random";
import type { MediaOptions } from "../options.ts";
import { type Example, mediaOf } from "../schema.ts";
import type { VideoWindow } from "./frame-range.ts";
import type { MediaItem } from "./media-item.ts";
import type { SampleOptions } from "./sample-frames.ts";

/** One of a record's media, and of a video the frames that the record or else the options ask for. */
export interface ClipRequest {
  item: MediaItem;
  sampling?: SampleOptions & VideoWindow;
}

/** What is loaded for an example, an item of its media each; `seed` and the problem id choose among several `nframes`. */
export function clipRequests(
  example: Pick<Example, "dataType" | "path" | "media" | "problemId">,
  options: Omit<MediaOptions, "mediaRoot">,
  seed: number,
): ClipRequest[] {
  const drawn = drawOf(seed, example.problemId);
  return mediaOf(example).map((item) =>
    item.kind === "image" ? { item } : { item, sampling: samplingOf(item, options, drawn) },
  );
}

/**
 * All that decides which frames are decoded, but for what the files hold; requests of equal texts give the same frames at native
 * size.
 */
export function requestKey({ item, sampling }: ClipRequest, { decoder }: Pick<MediaOptions, "decoder">): string {
  const { kind, path, sampleFps, timestamps } = item;
  const { allowPartial, allowSingleFrame, rotate } = decoder;
  const choices = kind === "image" ? {} : { sampling, sampleFps, timestamps, allowPartial, allowSingleFrame, rotate };
  return JSON.stringify({ kind, path, ...choices });
}

/**
 * The record's sampling over the options': `nframes` is a count, `fps`, `minFrames` and `maxFrames` a rate within bounds, and
 * one of the two replaces the other.
 *
 * @param drawn - In [0, 1); chooses among several `nframes` of the options.
 */
function samplingOf(
  item: MediaItem,
  options: Omit<MediaOptions, "mediaRoot">,
  drawn: number,
): SampleOptions & VideoWindow {
  const { videoStart, videoEnd, nframes, fps, minFrames, maxFrames } = item;
  const window = { videoStart, videoEnd, clampNframes: options.clampNframes };
  if (nframes !== undefined) return { ...window, nframes };
  const asksRate = fps !== undefined || minFrames !== undefined || maxFrames !== undefined;
  if (options.nframes !== undefined && !asksRate) {
    const counts = [options.nframes].flat();
    return { ...window, nframes: counts[Math.floor(drawn * counts.length)] };
  }
  const rate = { fps: fps ?? options.fps, minFrames: minFrames ?? options.minFrames };
  return { ...window, ...rate, maxFrames: maxFrames ?? options.maxFrames };
}

const drawOf = (seed: number, id: number | string): number =>
  typeof id === "number" ? uniformAt(seed, id) : randomStream(seed, "nframes", id).next();
