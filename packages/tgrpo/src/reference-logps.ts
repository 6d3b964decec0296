import type { Policy } from "./policy.ts";
import type { TrainedGroup } from "./policy-gradients.ts";
import { tokenLogps } from "./token-logps.ts";

/**
 * Returns the groups with the reference's log-probabilities on their ordered rollouts, for the KL term. The reference is
 * frozen, so it runs once a step, however many updates follow.
 */
export const withReferenceLogps = <Input>(reference: Policy<Input>, groups: readonly TrainedGroup<Input>[]) =>
  withLogps("refLogps", reference, groups);

/**
 * Returns the groups with the log-probabilities that the policy gives their ordered rollouts before the first update, for the
 * clipped ratio. Needed where the sampler's own are of another distribution: at a temperature other than 1.
 */
export const withOldLogps = <Input>(policy: Policy<Input>, groups: readonly TrainedGroup<Input>[]) =>
  withLogps("oldLogps", policy, groups);

async function withLogps<Input>(
  name: "refLogps" | "oldLogps",
  policy: Policy<Input>,
  groups: readonly TrainedGroup<Input>[],
): Promise<TrainedGroup<Input>[]> {
  const logps = await tokenLogps(
    policy,
    groups.map(({ input, group }) => ({ input, completions: group.ordered })),
  );
  return groups.map(({ input, group }, g) => {
    const ordered = group.ordered.map((rollout, i) => ({ ...rollout, [name]: logps[g]![i]! }));
    return { input, group: { ...group, ordered } };
  });
}
