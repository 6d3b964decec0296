import { type Example, type LoadedClip, permuteFrames, permuteVideos } from "@videor1/data";
import { cutPermuted, type ProcessorConfig } from "@videor1/processor-qwen25vl";
import { randomStream } from "@videor1/random";
import type { TgrpoOptions } from "@videor1/tgrpo";
import { frameOrder } from "./frame-order.ts";

/** The clips of a job, resized and cut into patches. */
export interface ClipOrders {
  ordered: LoadedClip[];
  /** With the frames of each video in another order, for videos under a temporal reward; see `PromptFacts` for the permutation. */
  permuted?: { clips: LoadedClip[]; permutation: number[] };
}

/** What depends on the job's seed alone. The permuted clips' patches are those of the ordered ones in other places. */
export function clipOrders(
  { example, clips: ordered, seed }: { example: Example; clips: LoadedClip[]; seed: number },
  { temporal }: Pick<TgrpoOptions["tgrpo"], "temporal">,
  config: ProcessorConfig,
): ClipOrders {
  if (example.dataType === "image" || temporal.kind === "none") return { ordered };
  const kind = temporal.kind === "contrast" ? temporal.counterfactual : "shuffle";
  const stream = randomStream(seed, "shuffle");
  const { clips, permutation } = permuteVideos(
    ordered,
    (frames) => frameOrder(kind, frames, stream),
    (clip, order) => cutPermuted(clip, permuteFrames(clip, order), order, config),
  );
  return { ordered, permuted: { clips, permutation } };
}
