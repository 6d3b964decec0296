import { type SampleAndScoreArgs, sampleAndScore, type UnscoredGroup, type WeighedGroup } from "@videor1/tgrpo";
import { joinedSampler } from "./joined-sampler.ts";
import type { PolicyInput } from "./policy.ts";
import type { PreparedPrompt } from "./prompts.ts";

/**
 * Samples the prompts of some parts of a batch together, and scores and weighs those of each part by themselves.
 *
 * @returns Every prompt with its group, part by part.
 */
export async function sampleParts(
  parts: readonly (readonly PreparedPrompt[])[],
  { sampler, ...rest }: Omit<SampleAndScoreArgs<PolicyInput, PreparedPrompt>, "prompts">,
): Promise<{ prompt: PreparedPrompt; group: WeighedGroup | UnscoredGroup }[]> {
  const some = parts.filter(({ length }) => length > 0);
  const joined = joinedSampler(sampler, some.length);
  const made = await Promise.all(
    some.map(async (prompts) => {
      const groups = await sampleAndScore({ ...rest, prompts, sampler: joined });
      return prompts.map((prompt, i) => ({ prompt, group: groups[i]! }));
    }),
  );
  return made.flat();
}
