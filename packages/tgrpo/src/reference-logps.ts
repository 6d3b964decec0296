import type { Policy } from "./policy.ts";
import type { TrainedGroup } from "./policy-gradients.ts";
import { tokenLogps } from "./token-logps.ts";

/**
 * Returns the groups with the reference's log-probabilities on their ordered rollouts, for the KL term. The reference is
 * frozen, so it runs once a step, however many updates follow.
 */
export async function withReferenceLogps<Input>(
  reference: Policy<Input>,
  groups: readonly TrainedGroup<Input>[],
): Promise<TrainedGroup<Input>[]> {
  const logps = await tokenLogps(
    reference,
    groups.map(({ input, group }) => ({ input, completions: group.ordered })),
  );
  return groups.map(({ input, group }, g) => {
    const ordered = group.ordered.map((rollout, i) => ({ ...rollout, refLogps: logps[g]![i]! }));
    return { input, group: { ...group, ordered } };
  });
}
