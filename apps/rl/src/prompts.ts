import { createHash } from "node:crypto";
import { type Example, type LoadedClip, messages, permuteFrames } from "@videor1/data";
import type { Processor } from "@videor1/processor-qwen25vl";
import { randomStream } from "@videor1/random";
import { numShuffled, type Prompt, type TgrpoOptions } from "@videor1/tgrpo";
import type { RlConfig } from "./config.ts";
import { frameOrder } from "./frame-order.ts";
import type { Job, PromptFacts } from "./job.ts";
import type { PolicyInput } from "./policy.ts";

/** A prompt that is ready to sample. */
export type PreparedPrompt = Prompt<PolicyInput> & PromptFacts & { example: Example };

/**
 * A job as the policy's input and, for a video under a temporal reward, with its frames in another order: the one that
 * shuffled completions see, or that order contrast compares with. All that is drawn depends on the job's seed alone, not on
 * the worker or the batch. The clip is resized once, and cut into patches once for each order of its frames.
 */
export function preparePrompt(
  { id, example, clip, seed }: Job,
  { data }: Pick<RlConfig, "data">,
  options: Pick<TgrpoOptions, "rollout" | "tgrpo">,
  processor: Pick<Processor, "resize" | "row">,
): PreparedPrompt {
  const turns = messages(example, { stage: "rl", ...data.prompt });
  const seeds = randomStream(seed, "answers");
  const resized = processor.resize(clip);
  const input = (clip: typeof resized, completions: number): PolicyInput => ({
    row: processor.row(turns, [clip], { addGenerationPrompt: true }),
    seeds: Array.from({ length: completions }, () => seeds.int(2 ** 31)),
  });
  const { numGenerations } = options.rollout;
  const { temporal } = options.tgrpo;
  const prompt = {
    id,
    example,
    ordered: input(resized, numGenerations),
    framesHash: hashClip(clip),
    frameIndices: clip.indices,
    permutation: null,
    bonusOrder: null,
  };
  if (example.dataType === "image") return { ...prompt, kind: "image" };
  if (temporal.kind === "none") return { ...prompt, kind: "video" };
  const kind = temporal.kind === "contrast" ? temporal.counterfactual : "shuffle";
  const permutation = frameOrder(kind, clip.frames, randomStream(seed, "shuffle"));
  const others = permuteFrames(resized, permutation);
  const isSymmetric = Buffer.from(others.rgb.buffer, others.rgb.byteOffset, others.rgb.byteLength).equals(resized.rgb);
  const permuted = input(others, numShuffled(options));
  const isControl = temporal.kind === "contrast" && temporal.assignment === "permuted";
  const bonusOrder = isControl ? randomStream(seed, "bonus").permutation(numGenerations) : null;
  return { ...prompt, kind: "video", permuted, permutation, bonusOrder, isSymmetric };
}

function hashClip({ rgb, frames, height, width }: LoadedClip): string {
  return createHash("sha256").update(`${frames}x${height}x${width}\0`).update(rgb).digest("hex");
}
