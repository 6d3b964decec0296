import type { MediaOptions } from "../options.ts";
import type { Example } from "../schema.ts";
import { type LoadedClip, loadClip } from "./load-clip.ts";

export interface ClipLoaderOptions {
  /** Seeds, with the problem id, the choice among several `nframes`. */
  seed: number;
  /** Throws for a clip or a text that the model cannot take, so that its record fails alone and not the batch it would be in. */
  check: (clip: LoadedClip, example: Example) => void;
}

/** Returns the `load` of a loader: it loads the clip of an example and checks it. */
export function clipLoader(media: MediaOptions, { seed, check }: ClipLoaderOptions) {
  return async (example: Example, signal?: AbortSignal): Promise<LoadedClip> => {
    const clip = await loadClip(example, media, { seed, ...(signal && { signal }) });
    check(clip, example);
    return clip;
  };
}
