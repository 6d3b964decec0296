/**
 * A question as the policy's input. A video can bring the same question with permuted frames, which T-GRPO samples from
 * and order contrast compares with.
 */
export type Prompt<Input> = {
  /** Unique within a step; groups and rollouts carry it. */
  id: string;
  /** [G] the permutation by which the control of order contrast deals out bonuses, see `contrastReward`. */
  bonusOrder?: readonly number[] | null;
} & ({ kind: "image"; ordered: Input } | VideoInputs<Input>);

interface VideoInputs<Input> {
  kind: "video";
  ordered: Input;
  permuted?: Input;
  /** Whether the permuted frames are the ordered ones, byte for byte: order contrast is 0 then, and not computed. */
  isSymmetric?: boolean;
}

/**
 * The input with permuted frames.
 *
 * @throws {RangeError} If the prompt has none.
 */
export function permutedInput<Input>(prompt: Prompt<Input>): Input {
  if (prompt.kind === "image" || prompt.permuted === undefined)
    throw new RangeError(
      `permutedInput: prompt ${prompt.id} needs \`permuted\`, itself with the frames in another order`,
    );
  return prompt.permuted;
}
