import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import {
  type ClipRequest,
  contentHash,
  contentKey,
  fileStamps,
  loadClip,
  type MediaOptions,
  mediaFiles,
  type PreparedEntry,
} from "@videor1/data";
import { type ProcessorConfig, resizeClip } from "@videor1/processor-qwen25vl";
import { type Failure, failureOf, isOfMachine } from "../media/failure.ts";

/** An entry of the index that has no place in a shard yet. */
export type UnplacedEntry = Omit<PreparedEntry, "key" | "shard" | "position">;

/** Resized frames, or why there are none. `rgb` is left out where `isKnown` says that they are there already. */
export type MadeFrames = { entry: UnplacedEntry; rgb: Uint8Array; failed?: never } | { failed: Failure };

/** Decodes the frames of a request and resizes them as the processor would. @throws The signal's reason; an error of this machine. */
export async function makeFrames(
  request: ClipRequest,
  options: MediaOptions,
  { processor, signal }: { processor: ProcessorConfig; signal: AbortSignal },
): Promise<MadeFrames> {
  const warnings: string[] = [];
  try {
    const files = await mediaFiles(options.mediaRoot, request.item);
    const stamps = await fileStamps(files);
    const content = await contentHash(files);
    const sampled = { ...options, time: "real" } as const; // the rate itself; `time` is chosen when the frames are read
    const clip = await loadClip(request, sampled, { signal, onWarning: (line) => warnings.push(line) });
    if (!isDeepStrictEqual(await fileStamps(files), stamps)) throw new Error("the file changed while it was read");
    const { rgb, frames, height, width } = resizeClip(clip, processor[clip.kind]);
    return {
      rgb,
      entry: {
        stamps,
        content,
        name: contentKey(request, options, content),
        sha256: createHash("sha256").update(rgb).digest("hex"),
        kind: clip.kind,
        frames,
        height,
        width,
        nativeHeight: clip.height,
        nativeWidth: clip.width,
        indices: clip.indices,
        ...(clip.timestamps && { timestamps: clip.timestamps }),
        ...(clip.fps !== undefined && { fps: clip.fps }),
        ...(warnings.length > 0 && { warnings }),
      },
    };
  } catch (error) {
    signal.throwIfAborted();
    if (isOfMachine(error)) throw error;
    return { failed: failureOf(error, options.mediaRoot) };
  }
}
