import { dirname } from "node:path";
import { DecodeError } from "../errors.ts";
import { orderedMap } from "../ordered-map.ts";
import { chooseFrames, type FrameChoice } from "./choose-frames.ts";
import type { Clip } from "./clip.ts";
import { decodeImage } from "./decode-image.ts";
import type { VideoClip } from "./decode-video.ts";
import { frameFactor } from "./sample-frames.ts";
import { sampledFps } from "./video-r1.ts";

export interface DecodeFramesOptions {
  /** The rate at which the files were taken of a video; default 2. */
  sampleFps?: number | undefined;
  /** The time of each file in that video, in seconds, ascending; they give the rate too. Default: by `sampleFps`, from 0. */
  times?: readonly number[] | undefined;
  /** The frames to take; default: all, and of an odd number the last twice. */
  choice?: FrameChoice | undefined;
  signal?: AbortSignal;
}

const decodedAtOnce = 4;

/**
 * Decodes image files as the frames of a video.
 *
 * @param paths - in order, at least one.
 * @returns rgb uint8 [frames, height, width, 3]; `indices` are places in the list.
 * @throws {DecodeError} As {@link decodeImage}; also if the sizes differ, or too few frames are left.
 * @see QwenLM/Qwen3-VL qwen-vl-utils 0.0.14 vision_process.py `fetch_video`, for a list
 */
export async function decodeFrames(
  paths: readonly string[],
  { times, sampleFps = rateOf(times) ?? sampledFps, choice, signal }: DecodeFramesOptions = {},
): Promise<VideoClip> {
  const totalFrames = paths.length;
  const chosen = choice
    ? chooseFrames(dirname(paths[0]!), { totalFrames, fps: sampleFps }, choice)
    : { indices: [...paths.keys()], fps: sampleFps };
  const indices = choice ? chosen.indices : inPairs(chosen.indices);
  const pictures: Clip[] = [];
  const decode = async (path: string) => {
    signal?.throwIfAborted();
    return await decodeImage(path);
  };
  const wanted = chosen.indices.map((index) => paths[index]!);
  const outcomes = orderedMap(wanted, decodedAtOnce, (path) =>
    decode(path).then(
      (picture) => ({ picture }),
      (error: unknown) => ({ error }),
    ),
  );
  for await (const outcome of outcomes) {
    if ("error" in outcome) throw outcome.error;
    checkSize(outcome.picture, pictures[0], wanted[pictures.length]!);
    pictures.push(outcome.picture);
  }
  const { height, width } = pictures[0]!;
  const frameBytes = height * width * 3;
  const rgb = new Uint8Array(indices.length * frameBytes);
  for (let i = 0; i < indices.length; i += 1) rgb.set(pictures[Math.min(i, pictures.length - 1)]!.rgb, i * frameBytes);
  return {
    rgb,
    frames: indices.length,
    height,
    width,
    kind: "video",
    fps: chosen.fps,
    indices,
    timestamps: indices.map((index) => times?.[index] ?? index / sampleFps),
    totalFrames,
    durationSeconds: totalFrames / sampleFps,
    warnings: [],
  };
}

/** Frames a second among frames at these times; undefined for fewer than two. */
const rateOf = (times: readonly number[] = []): number | undefined =>
  times.length > 1 ? (times.length - 1) / (times.at(-1)! - times[0]!) : undefined;

/** The list with its last item repeated until it is as long as frames are taken in. */
function inPairs(indices: readonly number[]): number[] {
  const missing = (frameFactor - (indices.length % frameFactor)) % frameFactor;
  return [...indices, ...Array.from({ length: missing }, () => indices.at(-1)!)];
}

function checkSize({ height, width }: Clip, first: Clip | undefined, path: string): void {
  if (first === undefined || (height === first.height && width === first.width)) return;
  throw new DecodeError(path, `a frame of ${width}x${height}, where the first is of ${first.width}x${first.height}`, {
    hint: "Give the frames of a video one size, or leave the record out.",
  });
}
