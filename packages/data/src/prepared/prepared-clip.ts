import { PreparedError } from "../errors.ts";
import type { Clip } from "../media/clip.ts";
import type { ClipRequest } from "../media/clip-request.ts";
import { mediaFiles } from "../media/media-content.ts";
import type { MediaOptions } from "../options.ts";
import { openPrepared, type PreparedFrames } from "./open-prepared.ts";
import { preparedKey } from "./prepared-key.ts";

/** A clip whose frames have the size that the processor gives them. */
export interface PreparedClip extends Clip {
  indices: number[];
  timestamps?: number[];
  resized: true;
  /** The size before; the processor checks by it that it would have given the same. */
  resizedFrom: { height: number; width: number };
  warnings: string[];
}

const folders = new Map<string, Promise<PreparedFrames>>();
const warned = new Set<string>();

function opened(folder: string): Promise<PreparedFrames> {
  if (!folders.has(folder)) folders.set(folder, openPrepared(folder));
  return folders.get(folder)!;
}

/** Refuses a folder that was not prepared, before the first record fails of it. @throws {PreparedError} As {@link openPrepared}. */
export async function checkPrepared({ prepared }: Pick<MediaOptions, "prepared">): Promise<void> {
  if (prepared !== undefined) await opened(prepared);
}

/**
 * The frames of a request from the folder of the options; undefined if they are to be decoded: without a folder, for media that
 * could not be decoded there either, and, with one warning for each reason, for those that the folder cannot give.
 *
 * @throws {PreparedError} If there is no such folder; with `unprepared: "error"`, if it cannot give the frames.
 * @throws {MediaNotFoundError} As `resolveMedia`: the media files themselves are needed too, for their sizes and times.
 */
export async function preparedClip(
  request: ClipRequest,
  options: MediaOptions,
  onWarning: (line: string) => void,
): Promise<PreparedClip | undefined> {
  const { prepared: folder, unprepared } = options;
  if (folder === undefined) return undefined;
  const frames = await opened(folder);
  try {
    return await clipOf(frames, request, options);
  } catch (error) {
    if (!(error instanceof PreparedError) || unprepared === "error") throw error;
    const reason = `${folder} ${error.code}`;
    if (!warned.has(reason))
      onWarning(
        `${error.message}; it is decoded instead, as are all others of this kind (${error.code}). ${error.hint}`,
      );
    warned.add(reason);
    return undefined;
  }
}

async function clipOf(
  frames: PreparedFrames,
  request: ClipRequest,
  options: MediaOptions,
): Promise<PreparedClip | undefined> {
  const { item } = request;
  const [first] = [item.path].flat();
  const files = await mediaFiles(options.mediaRoot, item);
  const entry = await frames.find(preparedKey(request, options));
  if (entry === undefined) {
    const reason = `holds no frames of ${first} as the settings ask for them`;
    throw new PreparedError("PREPARED_MISSING", frames.folder, reason);
  }
  if ("failed" in entry) return undefined;
  if (!(await frames.isOf(entry, files)))
    throw new PreparedError("PREPARED_STALE", frames.folder, `${first} has changed since its frames were prepared`);
  const { height, width, nativeHeight, nativeWidth, indices, timestamps, fps, kind, warnings = [] } = entry;
  return {
    rgb: await frames.read(entry),
    frames: entry.frames,
    height,
    width,
    kind,
    ...(fps !== undefined && { fps }),
    indices,
    ...(timestamps && { timestamps }),
    resized: true,
    resizedFrom: { height: nativeHeight, width: nativeWidth },
    warnings,
  };
}
