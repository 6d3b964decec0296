import { type Example, type LoadedClip, messages } from "@videor1/data";
import type { Processor } from "@videor1/processor-qwen25vl";
import { randomStream } from "@videor1/random";
import { numShuffled, type Prompt, type TgrpoOptions } from "@videor1/tgrpo";
import type { RlConfig } from "./config.ts";
import type { Job, PromptFacts } from "./job.ts";
import type { PolicyInput } from "./policy.ts";

/** A prompt that is ready to sample. */
export type PreparedPrompt = Prompt<PolicyInput> & PromptFacts & { example: Example };

/**
 * A job as the policy's input and, for videos under a temporal reward, with the frames of each in another order: the one that
 * shuffled completions see, or that order contrast compares with. All that is drawn depends on the job's seed alone, not on
 * the worker or the batch. The clips come resized and cut into patches: only text is read here.
 */
export function preparePrompt(
  { id, example, media, seed }: Job,
  { data }: Pick<RlConfig, "data">,
  options: Pick<TgrpoOptions, "rollout" | "tgrpo">,
  processor: Pick<Processor, "row">,
): PreparedPrompt {
  const turns = messages(example, { stage: "rl", ...data.prompt });
  const seeds = randomStream(seed, "answers");
  const { ordered, permuted, framesHash } = media;
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
    framesHash,
    frameIndices: ordered.flatMap(({ indices }) => indices),
    frameSeconds: ordered.flatMap(
      ({ frames, timestamps }) => timestamps?.map(toMilliseconds) ?? Array(frames).fill(null),
    ),
    clipFrames: ordered.map(({ frames }) => frames),
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
