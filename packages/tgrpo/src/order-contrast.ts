import { tidy } from "@tensorflow/tfjs-core";
import { stackCompletions } from "./completion-mask.ts";
import { isCorrect } from "./correct.ts";
import type { ScoreOptions } from "./options.ts";
import type { Policy } from "./policy.ts";
import type { RolloutGroup } from "./rollout.ts";
import { type Prompt, permutedInput } from "./sample-groups.ts";
import { samplingLogps } from "./sampling-logps.ts";

/**
 * Order contrast of each correct response of a video, in nats, without gradient:
 * delta_i = sum_t [ log pi(o_it | frames, q, o_i<t) - log pi(o_it | permuted frames, q, o_i<t) ].
 *
 * The first term is what sampling recorded, the second one forward pass over the correct responses alone.
 *
 * @param groups - [prompts] sampled by the same policy; all its tokens have `logps`.
 * @returns The groups with `contrast` on their rollouts; as they were if the temporal reward is of another kind.
 * @throws {RangeError} If a video with a correct response has no permuted twin, or a response no log-probabilities.
 * @see docs/order-contrast.md
 */
export async function orderContrast<Input>(
  policy: Pick<Policy<Input>, "logprobs">,
  prompts: readonly Prompt<Input>[],
  groups: readonly RolloutGroup[],
  options: Pick<ScoreOptions, "temporal" | "correctThreshold" | "correctStrict">,
): Promise<RolloutGroup[]> {
  if (options.temporal.kind !== "contrast") return [...groups];
  const asked = groups.flatMap((group, i) => {
    const rollouts = group.kind === "video" ? group.ordered.filter(({ accuracy }) => isCorrect(accuracy, options)) : [];
    return rollouts.length === 0 ? [] : [{ input: permutedInput(prompts[i]!, i), rollouts }];
  });
  if (asked.length === 0) return [...groups];

  const rows = asked.flatMap(({ rollouts }) => rollouts);
  const promptOf = asked.flatMap(({ rollouts }, i) => rollouts.map(() => i));
  const completions = stackCompletions(
    rows.map(({ completionIds }) => completionIds),
    promptOf,
  );
  const inputs = asked.map(({ input }) => input);
  const permuted = tidy(() => policy.logprobs(inputs, completions));
  const values = await permuted.data();
  permuted.dispose();
  const contrastOf = new Map(
    rows.map((rollout, row) => {
      const others = values.subarray(row * completions.width);
      return [rollout, samplingLogps(rollout).reduce((sum, logp, t) => sum + logp - others[t]!, 0)];
    }),
  );
  const measured = (rollout: RolloutGroup["ordered"][number]) => {
    const contrast = contrastOf.get(rollout);
    return contrast === undefined ? rollout : { ...rollout, contrast };
  };
  return groups.map((group) => ({ ...group, ordered: group.ordered.map(measured) }));
}
