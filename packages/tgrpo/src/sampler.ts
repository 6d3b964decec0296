import type { Completion } from "./rollout.ts";

/** A question to a sampler: so many completions of one input. */
export interface SampleRequest<Input> {
  promptId: string;
  /** Whether the input shows the frames in order. */
  order: "ordered" | "permuted";
  input: Input;
  count: number;
}

/** The answer to a request. */
export interface Samples {
  completions: readonly Completion[];
  /** Optimizer updates behind the policy that drew them. */
  policyVersion: number;
}

/**
 * A policy that answers: in this process, from a record of earlier answers, or served by an engine. The sampling settings
 * are its own. `Input` is one prompt in whatever form the policy takes.
 */
export interface Sampler<Input> {
  /** @returns Samples of each request, in order. Completions carry `logps` where the clipped loss or order contrast is wanted. */
  generate(requests: readonly SampleRequest<Input>[]): Promise<readonly Samples[]>;
}
