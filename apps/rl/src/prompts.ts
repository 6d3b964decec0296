import { type Example, type LoadedClip, messages, permuteFrames } from "@videor1/data";
import { numShuffled, type Prompt, type TgrpoOptions } from "@videor1/tgrpo";
import { randomStream } from "@videor1/train";
import type { RlConfig } from "./config.ts";
import type { PolicyInput } from "./policy.ts";
import type { Job } from "./protocol.ts";

/** A prompt that is ready to sample, and what is remembered of its making. */
export interface PreparedPrompt {
  example: Example;
  prompt: Prompt<PolicyInput>;
  frameIndices: number[];
  permutation: number[] | null;
}

/**
 * A job as the policy's input and, for a video under the temporal reward, its twin with the frames in one random order.
 * The seeds of the answers depend on the job's seed alone, not on the worker or the batch.
 */
export function preparePrompt({ example, clip, seed }: Job, { data }: RlConfig, options: TgrpoOptions): PreparedPrompt {
  const turns = messages(example, { stage: "rl", ...data.prompt });
  const seeds = randomStream(seed, "answers");
  const input = (clip: LoadedClip, answers: number): PolicyInput => ({
    messages: turns,
    clip,
    seeds: Array.from({ length: answers }, () => seeds.int(2 ** 31)),
  });
  const ordered = input(clip, options.numGenerations);
  const prepared = { example, frameIndices: clip.indices };
  if (example.dataType === "image") return { ...prepared, prompt: { kind: "image", ordered }, permutation: null };
  const shuffled = numShuffled(options);
  if (shuffled === 0) return { ...prepared, prompt: { kind: "video", ordered, shuffled: ordered }, permutation: null };
  const permutation = randomStream(seed, "shuffle").permutation(clip.frames);
  const twin = input(permuteFrames(clip, permutation), shuffled);
  return { ...prepared, prompt: { kind: "video", ordered, shuffled: twin }, permutation };
}
