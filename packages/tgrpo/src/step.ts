import { groupMetrics, type Metrics } from "./metrics.ts";
import type { TgrpoOptions } from "./options.ts";
import { orderContrast } from "./order-contrast.ts";
import type { Policy } from "./policy.ts";
import { type Gradients, type PolicyGradientsArgs, policyGradients, type ScoredGroup } from "./policy-gradients.ts";
import { type Prompt, type Score, sampleGroups } from "./sample-groups.ts";
import { scoreGroup } from "./score-group.ts";

export interface TgrpoStepArgs<Input> extends Omit<PolicyGradientsArgs<Input>, "policy" | "scored" | "loss"> {
  policy: Policy<Input>;
  prompts: readonly Prompt<Input>[];
  score: Score<Input>;
  options: TgrpoOptions;
  /** [prompts] of [G]: who gets whose bonus in the control of order contrast, see `contrastReward`. */
  permutations?: readonly (readonly number[])[];
}

export interface TgrpoStep<Input> {
  /** By parameter name, owned by the caller; what the optimizer takes. */
  grads: Gradients;
  metrics: Metrics;
  /** For further updates with the same rollouts (options.iterations > 1) and for logs. */
  scored: ScoredGroup<Input>[];
}

/**
 * One step of T-GRPO in the paper's order: sample ordered and shuffled rollouts, reward, advantage, loss, gradients; or one
 * of GRPO, or with order contrast, as the options say.
 *
 * @see arXiv:2503.21776 §3.2
 */
export async function tgrpoStep<Input>(args: TgrpoStepArgs<Input>): Promise<TgrpoStep<Input>> {
  const { policy, prompts, score, options, permutations } = args;
  const sampled = await sampleGroups(policy, prompts, score, options);
  const groups = await orderContrast(policy, prompts, sampled, options);
  const scores = groups.map((group, i) => scoreGroup(group, options, permutations?.[i]));
  const scored = prompts.map(({ ordered }, i) => ({ input: ordered, group: groups[i]!, score: scores[i]! }));
  const { grads, metrics } = await policyGradients({ ...args, scored, loss: options.loss });
  return { grads, metrics: { ...metrics, ...groupMetrics(groups, scores) }, scored };
}
