import type { MediaOptions } from "../options.ts";
import type { Example } from "../schema.ts";
import { type LoadedClip, loadClips } from "./load-clips.ts";

export interface ClipLoaderOptions {
  /** Seeds, with the problem id, the choice among several `nframes`. */
  seed: number;
  /** Throws for clips or a text that the model cannot take, so that its record fails alone and not the batch it would be in. */
  check: (clips: readonly LoadedClip[], example: Example) => void;
}

/** Returns the `load` of a loader: it loads the clips of an example and checks them. */
export function clipLoader(media: MediaOptions, { seed, check }: ClipLoaderOptions) {
  return async (example: Example, signal?: AbortSignal): Promise<LoadedClip[]> => {
    const clips = await loadClips(example, media, { seed, ...(signal && { signal }) });
    check(clips, example);
    return clips;
  };
}
