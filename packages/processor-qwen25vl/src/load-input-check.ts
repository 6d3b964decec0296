import type { Message } from "./chat-template.ts";
import { checkMessages } from "./check-messages.ts";
import type { Clip } from "./clip.ts";
import { loadProcessorConfig } from "./processor-config.ts";
import { checkClipSize } from "./resize-clip.ts";

/**
 * Loads {@link checkClipSize} with the processor settings of a model's folder, and joins it with {@link checkMessages}: what
 * passes can be processed.
 *
 * @throws {ProcessorFileError} As {@link loadProcessorConfig}.
 */
export async function loadInputCheck(
  folder: string,
): Promise<(clips: readonly Clip[], messages: readonly Message[]) => void> {
  const config = await loadProcessorConfig(folder);
  return (clips, messages) => {
    for (const clip of clips) checkClipSize(clip, config);
    checkMessages(messages);
  };
}
