import { isCorrect } from "./correct.ts";
import type { ScoreOptions } from "./options.ts";
import type { Policy } from "./policy.ts";
import type { Prompt } from "./prompt.ts";
import { permutedInput } from "./prompt.ts";
import { type RolloutGroup, type ScoredRollout, samplingLogps } from "./rollout.ts";
import { tokenLogps } from "./token-logps.ts";

/**
 * Order contrast of each correct completion of a video, in nats, without gradient:
 * delta_i = sum_t [ log pi(o_it | frames, q, o_i<t) - log pi(o_it | permuted frames, q, o_i<t) ].
 *
 * Sampling has recorded the first term; the second takes one forward pass over the correct completions.
 *
 * @param groups - [prompts] sampled by the same policy; all its tokens have `logps`.
 * @returns The groups with `contrast` on their rollouts; unchanged if the temporal reward is of another kind.
 * @throws {RangeError} If a video with a correct completion has no permuted form, or a completion no log-probabilities.
 * @see docs/order-contrast.md
 */
export async function orderContrast<Input, Group extends RolloutGroup<Measurable>>(
  policy: Policy<Input>,
  prompts: readonly Prompt<Input>[],
  groups: readonly Group[],
  options: Pick<ScoreOptions, "temporal" | "correctThreshold" | "correctStrict">,
): Promise<Group[]> {
  if (options.temporal.kind !== "contrast") return [...groups];
  const asked = groups.flatMap((group, g) => {
    const correct = group.ordered.flatMap(({ accuracy }, i) => (isCorrect(accuracy, options) ? [i] : []));
    if (group.kind === "image" || correct.length === 0) return [];
    return [{ g, correct, input: permutedInput(prompts[g]!), completions: correct.map((i) => group.ordered[i]!) }];
  });
  for (const { completions } of asked) for (const completion of completions) samplingLogps(completion);
  const permuted = await tokenLogps(policy, asked);

  const measured = [...groups];
  for (const [a, { g, correct, completions }] of asked.entries()) {
    const ordered: Measurable[] = [...groups[g]!.ordered];
    for (const [k, i] of correct.entries()) {
      const others = permuted[a]![k]!;
      const contrast = samplingLogps(completions[k]!).reduce((sum, logp, t) => sum + logp - others[t]!, 0);
      ordered[i] = { ...ordered[i]!, contrast };
    }
    measured[g] = { ...groups[g]!, ordered };
  }
  return measured;
}

type Measurable = Pick<ScoredRollout, "completionIds" | "logps" | "accuracy" | "contrast">;
