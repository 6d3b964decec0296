import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { Completions } from "./completion-mask.ts";

/**
 * The part of a model that T-GRPO's gradients need. Its distribution is the one that completions are drawn from: logits are
 * divided by the sampling temperature. `Input` is one prompt in whatever form the
 * model takes.
 */
export interface Policy<Input> {
  logprobs(inputs: readonly Input[], completions: Completions): TokenLogprobs;
}

export interface TokenLogprobs {
  /** [R, C] log p(token | prompt, tokens before), in nats; finite also on padding; differentiable in the parameters. */
  logps: Tensor2D;
  /** [R, C] entropy of the distribution that the token was drawn from, in nats; data, without gradient. */
  entropy?: Tensor2D;
}
