import { isCorrect } from "./correct.ts";
import type { ScoreOptions } from "./options.ts";
import type { Policy } from "./policy.ts";
import type { Prompt } from "./prompt.ts";
import { permutedInput } from "./prompt.ts";
import type { RolloutGroup, ScoredRollout } from "./rollout.ts";
import { type Continued, tokenLogps } from "./token-logps.ts";

/**
 * Order contrast of each correct completion of a video, in nats, without gradient:
 * delta_i = sum_t [ log pi(o_it | frames, q, o_i<t) - log pi(o_it | permuted frames, q, o_i<t) ].
 *
 * Both terms are rows of one forward pass over the correct completions: what sampling recorded comes from other kernels, whose
 * rounding would be paid as contrast. A clip whose permuted frames are the ordered ones, byte for byte, has delta 0.
 *
 * @param groups - [prompts] sampled by the same policy.
 * @returns The groups with `contrast` on their rollouts; unchanged if the temporal reward is of another kind.
 * @throws {RangeError} If a video with a correct completion has no permuted form.
 * @see docs/order-contrast.md
 */
export async function orderContrast<Input, Group extends RolloutGroup<Measurable>>(
  policy: Policy<Input>,
  prompts: readonly Prompt<Input>[],
  groups: readonly Group[],
  options: Pick<ScoreOptions, "temporal" | "correctThreshold" | "correctStrict">,
): Promise<Group[]> {
  if (options.temporal.kind !== "contrast") return [...groups];
  const measured = [...groups];
  const asked: { g: number; correct: number[] }[] = [];
  const rows: Continued<Input>[] = [];
  for (const [g, group] of groups.entries()) {
    const prompt = prompts[g]!;
    const correct = group.ordered.flatMap(({ accuracy }, i) => (isCorrect(accuracy, options) ? [i] : []));
    if (group.kind === "image" || correct.length === 0) continue;
    const permuted = permutedInput(prompt);
    if (prompt.kind === "video" && prompt.isSymmetric) {
      const none = new Map(correct.map((i) => [i, 0]));
      measured[g] = withContrasts(group, none);
      continue;
    }
    const completions = correct.map((i) => group.ordered[i]!);
    asked.push({ g, correct });
    rows.push({ input: prompt.ordered, completions }, { input: permuted, completions });
  }
  const logps = await tokenLogps(policy, rows);
  for (const [a, { g, correct }] of asked.entries()) {
    const [ordered, permuted] = [logps[2 * a]!, logps[2 * a + 1]!];
    const deltas = correct.map((i, k) => [i, difference(ordered[k]!, permuted[k]!)] as const);
    measured[g] = withContrasts(groups[g]!, new Map(deltas));
  }
  return measured;
}

/** Sum of a - b over the tokens. */
const difference = (a: Float32Array, b: Float32Array): number => a.reduce((sum, logp, t) => sum + logp - b[t]!, 0);

/** The group with the contrasts of its rollouts, by their numbers. */
function withContrasts<Group extends RolloutGroup<Measurable>>(
  group: Group,
  contrasts: ReadonlyMap<number, number>,
): Group {
  const ordered = group.ordered.map((rollout, i) => {
    const contrast = contrasts.get(i);
    return contrast === undefined ? rollout : { ...rollout, contrast };
  });
  return { ...group, ordered };
}

type Measurable = Pick<ScoredRollout, "completionIds" | "accuracy" | "contrast">;
