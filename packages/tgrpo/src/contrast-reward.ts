import type { ContrastOptions } from "./options.ts";

/**
 * Order bonus: alpha * x_i, x_i = clip((delta_i - tau) / clip, 0, 1); with clip 0 the gate x_i = 1 where delta_i > tau.
 *
 * It is not T-GRPO: it rewards the dependence of a completion on frame order. It differs within a group, so the
 * normalisation of the rewards does not cancel it.
 *
 * @param deltas - [G] order contrast of each completion, in nats; null for a wrong one, which gets 0.
 * @param permutation - [G] used only under assignment "permuted": the k-th correct completion gets the x of the k-th
 * correct one in this order.
 * @returns [G]
 * @throws {RangeError} If the assignment is "permuted" and the permutation is not one of G completions.
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
      `contrastReward: assignment "permuted" needs a permutation of ${deltas.length} completions, got [${permutation}]`,
    );
  const donors = permutation.filter((i) => deltas[i] !== null);
  let next = 0;
  return deltas.map((delta) => (delta === null ? 0 : bonus[donors[next++]!]!));
}
