import { orderContrast } from "./order-contrast.ts";
import type { Policy } from "./policy.ts";
import type { TgrpoOptions } from "./presets.ts";
import type { Prompt } from "./prompt.ts";
import type { ScoredGroup, UnscoredGroup, WeighedGroup } from "./rollout.ts";
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
 * rewards, the temporal reward, advantages. `policyGradients` is the second half. A group is scored as soon as it is sampled, while
 * others are still drawn.
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
  const scoring: Promise<ScoredGroup>[] = [];
  await sampleGroups(sampler, prompts, options, (place, group) => {
    const scored = scoreRollouts(scorer, prompts[place]!, group, options.tgrpo);
    scored.catch(() => {}); // thrown below
    scoring[place] = scored;
  });
  const scored = await Promise.all(scoring);
  const measured = await orderContrast(policy, prompts, scored, options.tgrpo);
  return measured.map((group, i) => weighGroup(group, options.tgrpo, prompts[i]!.bonusOrder));
}

/** Whether a group's rollouts could be compared. */
export const isWeighed = (group: WeighedGroup | UnscoredGroup): group is WeighedGroup => "ordered" in group;
