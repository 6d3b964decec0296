import { createHash } from "node:crypto";
import { type Example, type LoadedClip, messages } from "@videor1/data";
import type { Processor } from "@videor1/processor-qwen25vl";
import { randomStream } from "@videor1/random";
import { numShuffled, type Prompt, type TgrpoOptions } from "@videor1/tgrpo";
import { clipOrders } from "./clip-orders.ts";
import type { RlConfig } from "./config.ts";
import type { Job, PromptFacts } from "./job.ts";
import type { PolicyInput } from "./policy.ts";

/** A prompt that is ready to sample. */
export type PreparedPrompt = Prompt<PolicyInput> & PromptFacts & { example: Example };

/**
 * A job as the policy's input and, for videos under a temporal reward, with the frames of each in another order: the one that
 * shuffled completions see, or that order contrast compares with. All that is drawn depends on the job's seed alone, not on
 * the worker or the batch. Clips are resized once, and cut into patches once for each order of their frames.
 */
export function preparePrompt(
  { id, example, clips, seed }: Job,
  { data }: Pick<RlConfig, "data">,
  options: Pick<TgrpoOptions, "rollout" | "tgrpo">,
  processor: Pick<Processor, "resize" | "row">,
): PreparedPrompt {
  const turns = messages(example, { stage: "rl", ...data.prompt });
  const seeds = randomStream(seed, "answers");
  const { ordered, permuted } = clipOrders({ example, clips, seed }, options.tgrpo, processor.resize);
  const input = (clips: readonly LoadedClip[], completions: number): PolicyInput => ({
    row: processor.row(turns, clips, { addGenerationPrompt: true }),
    seeds: Array.from({ length: completions }, () => seeds.int(2 ** 31)),
  });
  const { numGenerations } = options.rollout;
  const { temporal } = options.tgrpo;
  const prompt = {
    id,
    example,
    ordered: input(ordered, numGenerations),
    framesHash: hashClips(clips),
    frameIndices: clips.flatMap(({ indices }) => indices),
    frameSeconds: clips.flatMap(
      ({ frames, timestamps }) => timestamps?.map(toMilliseconds) ?? Array(frames).fill(null),
    ),
    clipFrames: clips.map(({ frames }) => frames),
    permutation: null,
    bonusOrder: null,
  };
  if (example.dataType === "image") return { ...prompt, kind: "image" };
  if (permuted === undefined) return { ...prompt, kind: "video" };
  const isSymmetric = permuted.clips.every(({ rgb }, i) => Buffer.compare(rgb, ordered[i]!.rgb) === 0);
  const isControl = temporal.kind === "contrast" && temporal.assignment === "permuted";
  const bonusOrder = isControl ? randomStream(seed, "bonus").permutation(numGenerations) : null;
  return {
    ...prompt,
    kind: "video",
    permuted: input(permuted.clips, numShuffled(options)),
    permutation: permuted.permutation,
    bonusOrder,
    isSymmetric,
  };
}

const toMilliseconds = (seconds: number): number => Math.round(seconds * 1000) / 1000;

function hashClips(clips: readonly LoadedClip[]): string {
  const hash = createHash("sha256");
  for (const { rgb, frames, height, width } of clips) hash.update(`${frames}x${height}x${width}\0`).update(rgb);
  return hash.digest("hex");
}
