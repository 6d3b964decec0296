/** One sampled completion and its two rule rewards. */
export interface Rollout {
  /** [C] token ids, the end token included where there is one, no padding. */
  completionIds: Int32Array;
  /** In [0, 1]. */
  accuracy: number;
  /** 1 if think-then-answer, else 0. */
  format: number;
  /** [C] log-probabilities under the policy that sampled, in nats; temperature 1 and nothing cut off. */
  logps?: Float32Array;
  /** Order contrast, in nats; only on correct responses of videos, and only once it is measured. */
  contrast?: number;
}

/** The completions of one prompt. Only a video can have a half that saw its frames in shuffled order. */
export type RolloutGroup =
  | { kind: "image"; ordered: readonly Rollout[] }
  | { kind: "video"; ordered: readonly Rollout[]; shuffled: readonly Rollout[] };
