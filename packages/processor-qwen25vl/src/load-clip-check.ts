import type { Clip } from "./clip.ts";
import { loadProcessorConfig } from "./processor-config.ts";
import { checkClipSize } from "./resize-clip.ts";

/**
 * Loads {@link checkClipSize} with the processor settings of a model's folder.
 *
 * @throws {ProcessorFileError} As {@link loadProcessorConfig}.
 */
export async function loadClipCheck(folder: string): Promise<(clip: Clip) => void> {
  const config = await loadProcessorConfig(folder);
  return (clip) => checkClipSize(clip, config);
}
