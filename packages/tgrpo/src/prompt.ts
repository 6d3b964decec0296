/**
 * A question as the policy's input. A video can bring the same question with its frames in another order: what T-GRPO's
 * shuffled completions answer, and what order contrast compares with.
 */
export type Prompt<Input> = {
  /** Unique within a step; groups and rollouts carry it. */
  id: string;
  /** [G] read by the control of order contrast alone: whose bonus each correct response gets, see `contrastReward`. */
  bonusOrder?: readonly number[] | null;
} & ({ kind: "image"; ordered: Input } | { kind: "video"; ordered: Input; permuted?: Input });

/**
 * The question with its frames in another order.
 *
 * @throws {RangeError} If there is none.
 */
export function permutedInput<Input>(prompt: Prompt<Input>): Input {
  if (prompt.kind === "image" || prompt.permuted === undefined)
    throw new RangeError(
      `permutedInput: prompt ${prompt.id} needs \`permuted\`, itself with the frames in another order`,
    );
  return prompt.permuted;
}
