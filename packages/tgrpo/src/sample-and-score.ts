import { orderContrast } from "./order-contrast.ts";
import type { Policy } from "./policy.ts";
import type { TgrpoOptions } from "./presets.ts";
import type { Prompt } from "./prompt.ts";
import type { UnscoredGroup, WeighedGroup } from "./rollout.ts";
import { sampleGroups } from "./sample-groups.ts";
import type { Sampler } from "./sampler.ts";
import { type Scorer, scoreRollouts } from "./scorer.ts";
import { weighGroup } from "./weigh-group.ts";

export interface SampleAndScoreArgs<Input, P extends Prompt<Input>> {
  prompts: readonly P[];
  sampler: Sampler<Input>;
  scorer: Scorer<P>;
  /** The policy that the sampler draws from; measures order contrast. */
  policy: Policy<Input>;
  options: Pick<TgrpoOptions, "rollout" | "tgrpo">;
}

/**
 * Samples and scores: the first half of a step, in the paper's order: completions of ordered and permuted frames, their
 * rewards, the temporal reward, advantages. `policyGradients` is the second half.
 *
 * @returns One group a prompt, in order.
 * @see arXiv:2503.21776 §3.2
 */
export async function sampleAndScore<Input, P extends Prompt<Input>>({
  prompts,
  sampler,
  scorer,
  policy,
  options,
}: SampleAndScoreArgs<Input, P>): Promise<(WeighedGroup | UnscoredGroup)[]> {
  const sampled = await sampleGroups(sampler, prompts, options);
  const scored = await scoreRollouts(scorer, prompts, sampled, options.tgrpo);
  const measured = await orderContrast(policy, prompts, scored, options.tgrpo);
  return measured.map((group, i) => weighGroup(group, options.tgrpo, prompts[i]!.bonusOrder));
}

/** Whether a group's rollouts could be compared. */
export const isWeighed = (group: WeighedGroup | UnscoredGroup): group is WeighedGroup => "ordered" in group;
