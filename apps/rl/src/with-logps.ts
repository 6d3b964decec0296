import { tidy } from "@tensorflow/tfjs-core";
import { type Policy, type Prompt, type Rollout, type RolloutGroup, stackCompletions } from "@videor1/tgrpo";

/** The groups with the log-probabilities that the policy gives their answers now, in one pass, in place of those recorded. */
export async function withLogps<Input>(
  policy: Pick<Policy<Input>, "logprobs">,
  prompts: readonly Prompt<Input>[],
  groups: readonly RolloutGroup[],
): Promise<RolloutGroup[]> {
  const asked = groups.flatMap((group, i) => {
    const prompt = prompts[i]!;
    const ordered = { input: prompt.ordered, rollouts: group.ordered };
    const isTwin = group.kind === "video" && prompt.kind === "video" && prompt.permuted && group.shuffled.length > 0;
    return isTwin ? [ordered, { input: prompt.permuted!, rollouts: group.shuffled }] : [ordered];
  });
  const rows = asked.flatMap(({ rollouts }) => rollouts);
  const completions = stackCompletions(
    rows.map(({ completionIds }) => completionIds),
    asked.flatMap(({ rollouts }, i) => rollouts.map(() => i)),
  );
  const inputs = asked.map(({ input }) => input);
  const logps = tidy(() => policy.logprobs(inputs, completions));
  const values = await logps.data<"float32">();
  logps.dispose();
  const recomputed = new Map(
    rows.map((rollout, row): [Rollout, Rollout] => {
      const start = row * completions.width;
      return [rollout, { ...rollout, logps: values.slice(start, start + rollout.completionIds.length) }];
    }),
  );
  const replace = (rollouts: readonly Rollout[]) => rollouts.map((rollout) => recomputed.get(rollout)!);
  return groups.map((group) =>
    group.kind === "image"
      ? { ...group, ordered: replace(group.ordered) }
      : { ...group, ordered: replace(group.ordered), shuffled: replace(group.shuffled) },
  );
}
