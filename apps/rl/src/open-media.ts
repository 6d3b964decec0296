import { clipLoader, type Example, type LoadedClip, messages } from "@videor1/data";
import { checkClipSize, checkMessages, loadProcessorConfig } from "@videor1/processor-qwen25vl";
import type { TgrpoOptions } from "@videor1/tgrpo";
import { clipThreads } from "@videor1/train";
import { clipOrders } from "./clip-orders.ts";
import type { RlConfig } from "./config.ts";
import type { JobMedia } from "./job.ts";
import { type ReadyClips, readyClips } from "./ready-clips.ts";

/** A run's clips, made ready in threads that feed no device. */
export interface RunMedia {
  /** The `load` of a loader: decodes the clips of an example and makes them ready, large ones in a thread. */
  load(example: Example, signal?: AbortSignal): Promise<ReadyClips>;
  /** Those clips as the job of this seed reads them, in order and permuted. */
  mediaOf(
    ready: ReadyClips,
    job: { example: Example; seed: number },
    options: Pick<TgrpoOptions["tgrpo"], "temporal">,
  ): JobMedia;
  close(): Promise<void>;
}

/** @param sharers - Processes that share this one's cores. */
export async function openMedia(
  { data, seed, model }: Pick<RlConfig, "data" | "seed" | "model">,
  sharers?: number,
): Promise<RunMedia> {
  const config = await loadProcessorConfig(model);
  const threads = clipThreads<LoadedClip, ReadyClips>({
    entry: new URL("./clip-thread.ts", import.meta.url),
    data: { config },
    here: (clips) => readyClips(clips, config),
    sharers,
  });
  const decode = clipLoader(data.media, {
    seed,
    check(clips, example) {
      for (const clip of clips) checkClipSize(clip, config);
      checkMessages(messages(example, { stage: "rl", ...data.prompt }));
    },
  });
  return {
    load: async (example, signal) => await threads.ready(await decode(example, signal)),
    mediaOf: ({ clips, framesHash }, job, options) => ({
      framesHash,
      ...clipOrders({ ...job, clips }, options, config),
    }),
    close: threads.close,
  };
}
