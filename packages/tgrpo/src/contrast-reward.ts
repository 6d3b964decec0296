import type { ContrastOptions } from "./options.ts";

/**
 * Order bonus: alpha * x_i, x_i = clip((delta_i - tau) / clip, 0, 1); with clip 0 the gate x_i = 1 where delta_i > tau.
 *
 * It is not T-GRPO: it rewards the dependence of a response on frame order. Differing within a group, it outlives the
 * normalisation of the rewards.
 *
 * @param deltas - [G] order contrast of each response in nats; null for those that get nothing: the wrong ones.
 * @param permutation - [G] read only under assignment "permuted": the k-th correct response gets the x of the k-th correct
 * one in this order.
 * @returns [G]
 * @throws {RangeError} If the assignment is "permuted" and the permutation is not one of G responses.
 * @see docs/order-contrast.md
 */
export function contrastReward(
  deltas: readonly (number | null)[],
  { alpha, tau, clip, assignment }: Omit<ContrastOptions, "kind" | "counterfactual">,
  permutation: readonly number[] = [],
): number[] {
  const shape = (delta: number) => (clip === 0 ? Number(delta > tau) : Math.min(1, Math.max(0, (delta - tau) / clip)));
  const bonus = deltas.map((delta) => (delta === null ? 0 : alpha * shape(delta)));
  if (assignment === "own") return bonus;
  const isPermutation =
    permutation.length === deltas.length && permutation.toSorted((a, b) => a - b).every((j, i) => j === i);
  if (!isPermutation)
    throw new RangeError(
      `contrastReward: assignment "permuted" needs a permutation of ${deltas.length} responses, got [${permutation}]`,
    );
  const dealt = permutation.filter((i) => deltas[i] !== null).values();
  return bonus.map((none, i) => (deltas[i] === null ? none : bonus[dealt.next().value!]!));
}
