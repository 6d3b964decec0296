import type { Completion } from "./rollout.ts";

/** A request for `count` completions of one input. */
export interface SampleRequest<Input> {
  promptId: string;
  /** The order of the frames in `input`. */
  order: "ordered" | "permuted";
  input: Input;
  count: number;
}

/** The completions of one request. */
export interface Samples {
  completions: readonly Completion[];
  /** Version of the policy that drew them: the steps of training behind its weights. */
  policyVersion: number;
}

export type OnSamples = (request: number, samples: Samples) => void;

/**
 * Draws completions from a policy: in this process, from recorded completions, or from a server. It has its own sampling
 * settings. `Input` is one prompt in whatever form the policy takes.
 */
export interface Sampler<Input> {
  /**
   * @param onSamples - Called with the samples of a request, by its place, once all of them are there and others are still drawn; a
   * sampler need not. What it is called with is what is returned.
   * @returns Samples of each request, in order. Completions carry `logps` where the clipped loss, order contrast or a record of the run is wanted.
   */
  generate(requests: readonly SampleRequest<Input>[], onSamples?: OnSamples): Promise<readonly Samples[]>;
}
