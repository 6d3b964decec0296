/**
 * A rollout is the record of one completion. It is filled as it flows:
 *
 *     Sampler -> Completion -> SampledRollout -> Scorer -> ScoredRollout -> orderContrast -> weighGroup -> Rollout
 *     -> withReferenceLogps -> loss
 */

/** One completion, as a sampler returns it. */
export interface Completion {
  /** [C] token ids, the end token included where there is one, no padding. */
  completionIds: Int32Array;
  /**
   * [C] log-probabilities under the policy that sampled, in nats; temperature 1 and nothing cut off. The clipped loss, order
   * contrast and a run's record need them.
   */
  logps?: Float32Array;
  /** [C] under the frozen reference, in nats; absent without a reference. From a sampler that knows it, or `withReferenceLogps`. */
  refLogps?: Float32Array;
  /** Whether the limit on its length ended it, not an end token; absent: not known. */
  isTruncated?: boolean;
}

export interface SampledRollout extends Completion {
  /** Unique within a run: prompt, order of the frames, number. */
  id: string;
  /** Version of the policy that drew the completion: the steps of training behind its weights. */
  policyVersion: number;
}

/** The parts of the reward of one completion. */
export interface Scores {
  /** Rule reward in [0, 1]; it decides what counts as correct. */
  accuracy: number;
  /** 1 if think-then-answer, else 0. */
  format: number;
  /** Further parts by name, such as those of a user's own functions. */
  rewards?: Readonly<Record<string, number>>;
}

export interface ScoredRollout extends SampledRollout, Scores {
  /** The completion without special tokens. */
  text: string;
  /** Order contrast, in nats; only on correct completions of videos, and only once it is measured. */
  contrast?: number;
}

/** A completion that could not be scored; it takes no part in its group. */
export interface FailedRollout extends SampledRollout {
  text: string;
  /** The reason. */
  failed: string;
  /** Whether nothing failed: parts of the reward had no value, see `leaveOut` of the options. */
  isLeftOut?: boolean;
}

/** A rollout with everything that training reads. */
export interface Rollout extends ScoredRollout {
  temporalBonus: number;
  lengthBonus: number;
  /** Weighted parts and bonuses. */
  reward: number;
  advantage: number;
  /** [C] under the policy that sampled, at the sampling temperature, in nats; absent: those of `logps`. See `withOldLogps`. */
  oldLogps?: Float32Array;
}

/** The fields of a rollout that the rewards are computed from. */
export type Scorable = Pick<ScoredRollout, "completionIds" | "accuracy" | "format" | "rewards" | "contrast">;

/** The rollouts of one prompt. Only a video can have `shuffled` rollouts, sampled with permuted frames. */
export type RolloutGroup<Ordered = Scorable, Shuffled = Ordered> =
  | { kind: "image"; ordered: readonly Ordered[] }
  | { kind: "video"; ordered: readonly Ordered[]; shuffled: readonly Shuffled[] };

export type SampledGroup = RolloutGroup<SampledRollout> & { promptId: string };
export type ScoredGroup = RolloutGroup<ScoredRollout> & { promptId: string; failed: readonly FailedRollout[] };

/** A group whose rollouts have their rewards and advantages. */
export type WeighedGroup = RolloutGroup<Rollout, ScoredRollout> & {
  promptId: string;
  failed: readonly FailedRollout[];
  /** [G] whether each ordered rollout counts as correct. */
  correct: readonly boolean[];
  /** p of the ordered rollouts. */
  p: number;
  /** p~ of the shuffled rollouts; null where there are none to compare with. */
  pShuffled: number | null;
  /** Whether frame order helped the group; null where nothing was compared. */
  fired: boolean | null;
};

/** A group in which too few completions could be scored to compare them. */
export interface UnscoredGroup {
  promptId: string;
  failed: readonly FailedRollout[];
  reason: string;
}

/** The rollouts sampled with permuted frames; an image has none. */
export const shuffledOf = <S>(group: RolloutGroup<unknown, S>): readonly S[] =>
  group.kind === "video" ? group.shuffled : [];

/**
 * [C] the log-probabilities recorded when the rollout was sampled, in nats.
 *
 * @throws {RangeError} If they are not one for each token.
 */
export function samplingLogps({ logps, completionIds }: Completion): Float32Array {
  if (logps?.length !== completionIds.length)
    throw new RangeError(
      `samplingLogps: a rollout has ${logps?.length ?? 0} log-probabilities for ${completionIds.length} tokens; the clipped loss and the order contrast need one of each: let the sampler return logps`,
    );
  return logps;
}
