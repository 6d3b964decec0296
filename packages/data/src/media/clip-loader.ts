import type { MediaOptions } from "../options.ts";
import type { Example } from "../schema.ts";
import { type LoadedClip, loadClip } from "./load-clip.ts";

export interface ClipLoaderOptions {
  /** Chooses, with the problem id, among several `nframes`. */
  seed: number;
  /** Throws for a clip that the model cannot take, so that its record fails alone and not the batch it would be in. */
  check: (clip: LoadedClip) => void;
}

/** A function that loads the clip of an example and checks it: the `load` of a loader. */
export function clipLoader(media: MediaOptions, { seed, check }: ClipLoaderOptions) {
  return async (example: Example, signal?: AbortSignal): Promise<LoadedClip> => {
    const clip = await loadClip(example, media, { seed, ...(signal && { signal }) });
    check(clip);
    return clip;
  };
}
