/** Which responses count as correct: accuracy >= threshold, or > threshold if strict. */
export interface CorrectOptions {
  correctThreshold: number;
  correctStrict: boolean;
}

/** The bonus `alpha` of a correct response where frame order helped the group: p >= mu * p~, or p > mu * p~ if strict. */
export interface TemporalOptions {
  enabled: boolean;
  alpha: number;
  mu: number;
  strict: boolean;
  /** What p is: the proportion of correct responses, or the mean accuracy. */
  statistic: "proportion" | "mean";
  /** What the bonus is added to: the reward, before normalisation, or the advantage, after it. */
  target: "reward" | "advantage";
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

/** A = (R - mean) / (std + eps), std over n - ddof; with scale "none", A = R - mean. */
export interface AdvantageOptions {
  scale: "std" | "none";
  ddof: 0 | 1;
  eps: number;
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

/** Completions with shuffled frames per video prompt: floor(G * shuffledFraction), 0 without temporal reward. */
export function numShuffled(options: Pick<TgrpoOptions, "numGenerations" | "shuffledFraction" | "temporal">): number {
  return options.temporal.enabled ? Math.floor(options.numGenerations * options.shuffledFraction) : 0;
}
