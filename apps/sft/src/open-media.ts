import { clipLoader, type Example, type LoadedClip, messages } from "@videor1/data";
import { checkClipSize, checkMessages, cutClip, loadProcessorConfig } from "@videor1/processor-qwen25vl";
import { clipThreads } from "@videor1/train";
import type { SftConfig } from "./config.ts";

/** A run's clips, made ready in threads that feed no device. */
export interface RunMedia {
  /** The `load` of a loader: decodes the clips of an example, resizes them and cuts them into patches, large ones in a thread. */
  load(example: Example, signal?: AbortSignal): Promise<LoadedClip[]>;
  close(): Promise<void>;
}

/** @param sharers - Processes that share this one's cores. */
export async function openMedia({ data, seed, model }: SftConfig, sharers?: number): Promise<RunMedia> {
  const config = await loadProcessorConfig(model);
  const { ready, close } = clipThreads<LoadedClip, LoadedClip[]>({
    entry: new URL("./clip-thread.ts", import.meta.url),
    data: { config },
    here: (clips) => clips.map((clip) => cutClip(clip, config)),
    sharers,
  });
  const decode = clipLoader(data.media, {
    seed,
    check(clips, example) {
      for (const clip of clips) checkClipSize(clip, config);
      checkMessages(messages(example, { stage: "sft", ...data.prompt }));
    },
  });
  return { load: async (example, signal) => await ready(await decode(example, signal)), close };
}
