import { type Example, type LoadedClip, messages, permuteFrames } from "@videor1/data";
import type { Processor } from "@videor1/processor-qwen25vl";
import { randomStream } from "@videor1/random";
import { numShuffled, type Prompt, type TgrpoOptions } from "@videor1/tgrpo";
import type { RlConfig } from "./config.ts";
import { frameOrder } from "./frame-order.ts";
import type { PolicyInput } from "./policy.ts";
import type { Job } from "./protocol.ts";

/** A prompt that is ready to sample, and what is remembered of its making. */
export interface PreparedPrompt {
  example: Example;
  prompt: Prompt<PolicyInput>;
  frameIndices: number[];
  /** Order of the frames in the prompt's twin; null where it has none. */
  permutation: number[] | null;
  /** [G] for the control of order contrast: whose bonus each correct answer gets; null otherwise. */
  bonusOrder: number[] | null;
}

/**
 * A job as the policy's input and, for a video under a temporal reward, its twin with the frames in another order: the one
 * that shuffled answers see, or that order contrast compares with. All that is drawn depends on the job's seed alone, not
 * on the worker or the batch. The clip is resized once, and cut into patches once for each order of its frames.
 */
export function preparePrompt(
  { example, clip, seed }: Job,
  { data }: RlConfig,
  options: TgrpoOptions,
  processor: Pick<Processor, "resize" | "row">,
): PreparedPrompt {
  const turns = messages(example, { stage: "rl", ...data.prompt });
  const seeds = randomStream(seed, "answers");
  const resized = processor.resize(clip);
  const input = (clip: LoadedClip, answers: number): PolicyInput => ({
    row: processor.row(turns, [clip], { addGenerationPrompt: true }),
    seeds: Array.from({ length: answers }, () => seeds.int(2 ** 31)),
  });
  const ordered = input(resized, options.numGenerations);
  const prepared = { example, frameIndices: clip.indices, permutation: null, bonusOrder: null };
  if (example.dataType === "image") return { ...prepared, prompt: { kind: "image", ordered } };
  const { temporal, numGenerations } = options;
  if (temporal.kind === "none") return { ...prepared, prompt: { kind: "video", ordered } };
  const kind = temporal.kind === "contrast" ? temporal.counterfactual : "shuffle";
  const permutation = frameOrder(kind, clip.frames, randomStream(seed, "shuffle"));
  const permuted = input(permuteFrames(resized, permutation), numShuffled(options));
  const isControl = temporal.kind === "contrast" && temporal.assignment === "permuted";
  const bonusOrder = isControl ? randomStream(seed, "bonus").permutation(numGenerations) : null;
  return { ...prepared, prompt: { kind: "video", ordered, permuted }, permutation, bonusOrder };
}
