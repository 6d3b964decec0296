import { type LoadedClip, permuteVideos } from "@videor1/data";
import { randomStream } from "@videor1/random";
import type { TgrpoOptions } from "@videor1/tgrpo";
import { frameOrder } from "./frame-order.ts";
import type { Job } from "./job.ts";

/** The clips of a job, resized. */
export interface ClipOrders {
  ordered: LoadedClip[];
  /** With the frames of each video in another order, for videos under a temporal reward; see `PromptFacts` for the permutation. */
  permuted?: { clips: LoadedClip[]; permutation: number[] };
}

/** What depends on the job's seed alone, so that whoever computes it, here or in a worker, sees the same frames. */
export function clipOrders(
  { example, clips, seed }: Pick<Job, "example" | "clips" | "seed">,
  { temporal }: Pick<TgrpoOptions["tgrpo"], "temporal">,
  resize: (clip: LoadedClip) => LoadedClip,
): ClipOrders {
  const ordered = clips.map(resize);
  if (example.dataType === "image" || temporal.kind === "none") return { ordered };
  const kind = temporal.kind === "contrast" ? temporal.counterfactual : "shuffle";
  const stream = randomStream(seed, "shuffle");
  const { clips: others, permutation } = permuteVideos(ordered, (frames) => frameOrder(kind, frames, stream));
  return { ordered, permuted: { clips: others, permutation } };
}
