import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type ClipRequest, type FileStamp, fileStamps, loadClip, type MediaOptions, mediaFiles } from "@videor1/data";
import { type Failure, failureOf, isOfMachine } from "../media/failure.ts";

/** The frames of one media item: the contract that another decoder, machine or day has to meet. */
export interface FrameFacts {
  frames: number;
  height: number;
  width: number;
  /** Display positions of the frames in the file; absent for an image. */
  indices?: number[];
  /** Seconds from the first frame of the video, in microseconds exactly. */
  timestamps?: number[];
  /** Of the pixels, uint8 [frames, height, width, 3], in hex. */
  sha256: string;
  /** Faults that `allowPartial` accepted. */
  warnings?: string[];
}

/** How the decoding of a media item ended. */
export type Decoded = ({ clip: FrameFacts; failed?: never } | { clip?: never; failed: Failure }) & {
  seconds: number;
  /** Of its files; empty if they cannot be reached. */
  stamps: FileStamp[];
};

/** Decodes an item as training would. @throws The signal's reason; an error that is this machine's. */
export async function decodeOnce(request: ClipRequest, options: MediaOptions, signal: AbortSignal): Promise<Decoded> {
  const started = performance.now();
  const stamps = await stampsOf(request, options);
  const end = () => ({ seconds: Math.round(performance.now() - started) / 1000, stamps });
  const warnings: string[] = [];
  try {
    const clip = await loadClip(request, options, { signal, onWarning: (line) => warnings.push(line) });
    const { frames, height, width, indices, timestamps } = clip;
    return {
      clip: {
        frames,
        height,
        width,
        ...(clip.kind === "video" && { indices }),
        ...(timestamps && { timestamps: timestamps.map((seconds) => Math.round(seconds * 1e6) / 1e6) }),
        sha256: createHash("sha256").update(clip.rgb).digest("hex"),
        ...(warnings.length > 0 && { warnings }),
      },
      ...end(),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (isOfMachine(error)) throw error;
    return { failed: failureOf(error, options.mediaRoot), ...end() };
  }
}

/** True if the item's files are those that were decoded, by size and time of change. */
export async function isCurrent({ stamps }: Decoded, request: ClipRequest, options: MediaOptions): Promise<boolean> {
  return isDeepStrictEqual(stamps, await stampsOf(request, options));
}

async function stampsOf({ item }: ClipRequest, { mediaRoot }: MediaOptions): Promise<FileStamp[]> {
  try {
    return await fileStamps(await mediaFiles(mediaRoot, item));
  } catch {
    return []; // loading says why
  }
}
