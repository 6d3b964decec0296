/** Which responses count as correct: accuracy >= threshold, or > threshold if strict. */
export interface CorrectOptions {
  correctThreshold: number;
  correctStrict: boolean;
}

/** What frame order adds to the reward: nothing (GRPO), a bonus of the group (T-GRPO), or one of each response. */
export type TemporalOptions = { kind: "none" } | GroupBonusOptions | ContrastOptions;

/** T-GRPO: `alpha` for each correct response where frame order helped the group: p >= mu * p~, or p > mu * p~ if strict. */
export interface GroupBonusOptions {
  kind: "tgrpo";
  alpha: number;
  mu: number;
  strict: boolean;
  /** What p is: the proportion of correct responses, or the mean accuracy. */
  statistic: "proportion" | "mean";
  /** What the bonus is added to: the reward, before normalisation, or the advantage, after it. */
  target: "reward" | "advantage";
}

/**
 * Order contrast: alpha * x_i for each correct response of a video, x_i = clip((delta_i - tau) / clip, 0, 1), where delta_i
 * says how much likelier the response is under the frames in order. It is not T-GRPO: it rewards the dependence of a
 * response on frame order.
 */
export interface ContrastOptions {
  kind: "contrast";
  alpha: number;
  /** Nats that earn nothing yet. */
  tau: number;
  /** Nats above tau that earn the whole bonus; 0: the gate, all of it for delta > tau. */
  clip: number;
  /** The other order of the frames: backwards, backwards by pairs that stay as they are, or a random one. */
  counterfactual: "reverse" | "reversePairs" | "shuffle";
  /** "permuted": the x_i of a group's correct responses are dealt out among them anew, as a control. */
  assignment: "own" | "permuted";
}

/** The bonus `omega` of a correct response of min to max tokens, where at least `minCorrect` of the group are correct. */
export interface LengthOptions {
  enabled: boolean;
  omega: number;
  /** Tokens, end token included; the window includes both ends. */
  min: number;
  max: number;
  minCorrect: number;
}

/** A = (R - mean) / (max(std, minStd) + eps), std over n - ddof; with scale "none", A = R - mean. */
export interface AdvantageOptions {
  scale: "std" | "none";
  ddof: 0 | 1;
  eps: number;
  /** Keeps a small spread small: what differs by less is not blown up to unit deviation. */
  minStd: number;
}

/** Everything between the rule rewards of a group and its advantages. */
export interface ScoreOptions extends CorrectOptions {
  temporal: TemporalOptions;
  length: LengthOptions;
  weights: { accuracy: number; format: number };
  advantage: AdvantageOptions;
}

export interface LossOptions {
  /** Weight of the KL term; 0 turns it off. */
  beta: number;
  /** The ratio is clipped to [1 - epsilonLow, 1 + epsilonHigh]. Absent: the on-policy form, whose ratio is 1. */
  epsilonLow?: number;
  /** Absent: the same as epsilonLow. */
  epsilonHigh?: number;
  /** Bound on |refLogp - logp| in the KL estimate, in nats. */
  klClamp: number;
  /** Mean over tokens then sequences, mean over all tokens, or sum over tokens / (sequences * maxCompletionLength). */
  lossReduction: "sequence" | "token" | "constant";
  /** Tokens; read by the reduction "constant" and by sampling. */
  maxCompletionLength: number;
}

export interface SamplingOptions {
  temperature: number;
  topP: number;
  /** 0 turns it off. */
  topK: number;
}

export interface TgrpoOptions extends ScoreOptions {
  /** Completions with ordered frames per prompt, G. */
  numGenerations: number;
  /** Completions with shuffled frames: floor(G * shuffledFraction). */
  shuffledFraction: number;
  /** Updates per sampled batch; more than 1 needs loss.epsilonLow. */
  iterations: number;
  loss: LossOptions;
  sampling: SamplingOptions;
}

/** Completions with shuffled frames per video prompt: floor(G * shuffledFraction), 0 but for kind "tgrpo". */
export function numShuffled(options: Pick<TgrpoOptions, "numGenerations" | "shuffledFraction" | "temporal">): number {
  return options.temporal.kind === "tgrpo" ? Math.floor(options.numGenerations * options.shuffledFraction) : 0;
}
