import { loggedClip } from "../../rollouts/frames.ts";
import type { FrameDecoder } from "./shown-frames.ts";

/**
 * Decodes again what the model saw of an item with one video or image, as many frames as its prediction names, from the folder
 * of the benchmark's media. Parts of videos have other frames then, which the page says.
 *
 * @throws {MediaNotFoundError} If the file is not in the folder; {DecodeError} if it cannot be read.
 */
export const seenFrames =
  (mediaRoot: string): FrameDecoder =>
  async (item) => {
    const clips = item.status === "answered" ? (item.clips ?? []) : [];
    const [only] = clips;
    if (only === undefined || clips.length > 1)
      throw new RangeError(`${clips.length} media were seen, and the prediction names the file of one`);
    return [await loggedClip(mediaRoot, { kind: item.dataType, path: item.path }, only.indices.length)];
  };
