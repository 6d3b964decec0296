import { type Example, type LoadedClip, loadClip } from "@videor1/data";
import { checkClipSize, loadProcessorConfig } from "@videor1/processor-qwen25vl";
import type { RlConfig } from "./config.ts";

/** Decodes the clip of an example, and refuses one that the model's processor could not resize. */
export async function clipLoader({ model, data, seed }: RlConfig) {
  const processorConfig = await loadProcessorConfig(model);
  return async (example: Example, signal: AbortSignal): Promise<LoadedClip> => {
    const clip = await loadClip(example, data.media, { seed, signal });
    checkClipSize(clip, processorConfig);
    return clip;
  };
}
