import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { Completions } from "./completion-mask.ts";

/** What T-GRPO needs of a model. `Input` is one prompt in whatever form the model takes; sampling settings are the model's. */
export interface Policy<Input> {
  /**
   * Samples `numReturnSequences[i]` completions of `inputs[i]`.
   *
   * @returns `sequences` [R] completion ids, end token included, no padding; `promptOf` [R] index of the input of each;
   * `logps` [R] of the sampled tokens, in nats, where the clipped loss or the order contrast is wanted: under the policy
   * itself, temperature 1 and nothing cut off, as `logprobs` would give them.
   */
  generate(
    inputs: readonly Input[],
    numReturnSequences: readonly number[],
  ): Promise<{ sequences: readonly Int32Array[]; promptOf: ArrayLike<number>; logps?: readonly Float32Array[] }>;
  /** [R, C] log p(token | prompt, tokens before), in nats; finite also on padding; differentiable in the parameters. */
  logprobs(inputs: readonly Input[], completions: Completions): Tensor2D;
}
