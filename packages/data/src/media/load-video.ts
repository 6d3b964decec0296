import { decodeFrames } from "./decode-frames.ts";
import { type DecodeVideoOptions, decodeVideo, type VideoClip } from "./decode-video.ts";
import type { MediaItem } from "./media-item.ts";
import { resolveVideo } from "./resolve.ts";

/**
 * Decodes the video of a record: of a file or of a folder of frames those that the options choose, of a list of frame files all.
 *
 * @param root - folder that the path starts from.
 * @throws {MediaNotFoundError} As {@link resolveVideo}. @throws {DecodeError} As {@link decodeVideo} and {@link decodeFrames}.
 */
export async function loadVideo(
  root: string,
  { path, sampleFps, timestamps }: Pick<MediaItem, "path" | "sampleFps" | "timestamps">,
  options: DecodeVideoOptions,
): Promise<VideoClip> {
  const found = await resolveVideo(root, path);
  if (typeof found === "string") return await decodeVideo(found, options);
  const { signal } = options;
  return await decodeFrames(found, {
    sampleFps,
    times: timestamps,
    choice: typeof path === "string" ? options : undefined,
    ...(signal && { signal }),
  });
}
