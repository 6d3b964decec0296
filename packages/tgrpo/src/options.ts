import { z } from "zod";

/** A completion counts as correct if accuracy >= threshold, or > threshold if strict. */
const correctShape = {
  correctThreshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("Accuracy, in [0, 1], from which a completion counts as correct"),
  correctStrict: z.boolean().default(false).describe("true: only above the threshold"),
};

const alpha = z.number().min(0).default(0.3).describe("The bonus");

/** T-GRPO: `alpha` for each correct completion if frame order helped its group: p >= mu * p~, or p > mu * p~ if strict. */
export const GroupBonusOptions = z.strictObject({
  kind: z.literal("tgrpo"),
  alpha,
  mu: z.number().min(0).default(1),
  strict: z.boolean().default(false),
  statistic: z
    .enum(["proportion", "mean"])
    .default("proportion")
    .describe("What p is: the proportion of correct completions, or the mean accuracy"),
  target: z
    .enum(["reward", "advantage"])
    .default("reward")
    .describe("What the bonus is added to: the reward, before normalisation, or the advantage, after it"),
});
export type GroupBonusOptions = z.infer<typeof GroupBonusOptions>;

/**
 * Order contrast: alpha * x_i for each correct completion of a video, x_i = clip((delta_i - tau) / clip, 0, 1), where
 * delta_i is how much likelier the completion is under the frames in order. It is not T-GRPO: it rewards the dependence
 * of a completion on frame order.
 */
export const ContrastOptions = z.strictObject({
  kind: z.literal("contrast"),
  alpha,
  tau: z
    .number()
    .default(0.2)
    .describe(
      "Dead zone in nats: a delta up to here earns nothing; the default is above bfloat16's rounding of a short answer",
    ),
  clip: z.number().min(0).default(4).describe("Nats above tau that earn the whole bonus; 0: all of it for delta > tau"),
  counterfactual: z
    .enum(["reverse", "reversePairs", "shuffle"])
    .default("reverse")
    .describe("The other order of the frames: backwards, backwards by pairs that stay as they are, or random"),
  assignment: z
    .enum(["own", "permuted"])
    .default("own")
    .describe("permuted: a control that deals a group's bonuses at random among its correct completions"),
});
export type ContrastOptions = z.infer<typeof ContrastOptions>;

const NoBonusOptions = z.strictObject({ kind: z.literal("none").describe("Plain GRPO") });

/** A kind alone stands for its defaults; options without a kind are T-GRPO's. */
function withKind(input: unknown): unknown {
  if (typeof input === "string") return { kind: input };
  return typeof input === "object" && input !== null && !("kind" in input) ? { kind: "tgrpo", ...input } : input;
}

/** What frame order adds to the reward: nothing (GRPO), one bonus per group (T-GRPO), or one per completion. */
export const TemporalOptions = z.preprocess(
  withKind,
  z.discriminatedUnion("kind", [NoBonusOptions, GroupBonusOptions, ContrastOptions], {
    error: 'kind must be "none", "tgrpo" or "contrast"',
  }),
);
export type TemporalOptions = z.output<typeof TemporalOptions>;

/** The bonus `omega` of a correct completion of min to max tokens, if at least `minCorrect` of the group are correct. */
export const LengthOptions = z.strictObject({
  enabled: z.boolean().default(true),
  omega: z.number().min(0).default(0.2),
  min: z.int().min(0).default(320).describe("Tokens, end token included; the window includes both ends"),
  max: z.int().min(0).default(512),
  minCorrect: z.int().min(0).default(1),
});
export type LengthOptions = z.infer<typeof LengthOptions>;

/** A = (R - mean) / (max(std, minStd) + eps), std over n - ddof; with scale "none", A = R - mean. */
export const AdvantageOptions = z.strictObject({
  scale: z
    .enum(["std", "batch", "none"])
    .default("std")
    .describe(
      "What the rewards are divided by: the deviation within the group, that of all answers of the step, nothing",
    ),
  ddof: z.union([z.literal(0), z.literal(1)]).default(1),
  eps: z.number().min(0).default(1e-4),
  minStd: z.number().min(0).default(0).describe("A smaller spread is not blown up to unit deviation"),
});
export type AdvantageOptions = z.infer<typeof AdvantageOptions>;

/** Everything between the rule rewards of a group and its advantages; the defaults are those of the NeurIPS text. */
export const ScoreOptions = z.strictObject({
  ...correctShape,
  shuffledFraction: z
    .number()
    .positive()
    .max(1)
    .default(0.5)
    .describe("Completions with shuffled frames, as a share of numGenerations, rounded down"),
  temporal: TemporalOptions.prefault({}),
  length: LengthOptions.prefault({}),
  weights: z
    .strictObject({ accuracy: z.number().default(1), format: z.number().default(1) })
    .prefault({})
    .describe("Weights of the rule rewards in the total reward"),
  leaveOut: z
    .enum(["withoutAccuracy", "withoutReward", "none"])
    .default("withoutAccuracy")
    .describe(
      "Answers left out of their group's mean and deviation: without an accuracy or any part that counts; without any part " +
        "that counts, as in TRL; none, where a part without a value counts 0",
    ),
  advantage: AdvantageOptions.prefault({}),
});
export type ScoreOptions = Omit<z.output<typeof ScoreOptions>, "weights"> & { weights: RewardWeights };
export type CorrectOptions = Pick<ScoreOptions, "correctThreshold" | "correctStrict">;

/** Weights of the parts of the reward; further parts by their names, see `Scores.rewards`. */
export type RewardWeights = { accuracy: number; format: number } & Readonly<Record<string, number>>;

/** How completions are drawn; names of TRL's GRPOConfig. */
export const SamplingOptions = z.strictObject({
  numGenerations: z.int().min(2).default(8).describe("G, completions of one prompt"),
  maxCompletionLength: z.int().min(1).default(768),
  temperature: z
    .number()
    .positive()
    .default(1)
    .describe("Logits are divided by it, in sampling and in the log-probabilities of the loss"),
  topP: z
    .number()
    .positive()
    .max(1)
    .default(0.95)
    .describe("The tokens drawn from; below 1 the loss, which knows nothing of the cut, has a biased gradient"),
  topK: z.int().min(0).default(0).describe("0: off; else as topP"),
});
export type SamplingOptions = z.infer<typeof SamplingOptions>;

/** How a step corrects for a sampler that is not the policy that is trained; names of TRL's `vllm_importance_sampling_*`. */
export const ImportanceSamplingOptions = z
  .strictObject({
    mode: z
      .enum(["none", "token_truncate", "token_mask", "sequence_truncate", "sequence_mask"])
      .optional()
      .describe(
        "Weights exp(trainer's logp - sampler's) on the surrogate, not on the KL: of a token or of a whole answer, cut to the " +
          "bounds or 0 outside them; default: none where the policy samples in this process, as the original; sequence_mask, " +
          "TRL's, where a server does",
      ),
    clipMax: z.number().positive().nullable().default(3).describe("Largest weight; null: no bound"),
    clipMin: z.number().min(0).optional().describe("Smallest weight; default: no bound"),
  })
  .refine(({ clipMin = 0, clipMax }) => clipMax === null || clipMin < clipMax, {
    path: ["clipMin"],
    error: "must be below clipMax",
  })
  .refine(({ mode, clipMin, clipMax }) => !mode?.endsWith("_truncate") || clipMax !== null || clipMin !== undefined, {
    path: ["clipMax"],
    error: "null needs a clipMin: without a bound there is nothing to truncate to",
  });
export type ImportanceSamplingOptions = z.infer<typeof ImportanceSamplingOptions>;

export const LossOptions = z
  .strictObject({
    beta: z.number().min(0).default(0.04).describe("Weight of the KL to the reference; 0: no reference model"),
    klClamp: z.number().positive().default(10).describe("Bound on |refLogp - logp| in the KL estimate, in nats"),
    epsilonLow: z
      .number()
      .min(0)
      .max(1)
      .default(0.2)
      .describe("The ratio is clipped to [1 - epsilonLow, 1 + epsilonHigh]"),
    epsilonHigh: z.number().min(0).default(0.2),
    importanceSamplingLevel: z
      .enum(["token", "sequence"])
      .default("token")
      .describe(
        "One ratio for each token, or one for each answer, from the mean of its log ratios (GSPO, arXiv:2507.18071)",
      ),
    importanceSampling: z
      .preprocess((input) => (typeof input === "string" ? { mode: input } : input), ImportanceSamplingOptions)
      .prefault({}),
    delta: z
      .number()
      .positive()
      .optional()
      .describe(
        "Two-sided clipping: the unclipped ratio is at most this (arXiv:2505.07291); above 1 + epsilonHigh; default: no bound",
      ),
    useBiasCorrectionKl: z
      .boolean()
      .default(false)
      .describe("Multiply the KL term by the ratio; TRL's default since 1.16, and not the original's"),
    iterations: z
      .int()
      .min(1)
      .default(1)
      .describe("Optimizer steps on one set of completions; above 1 the ratio is clipped"),
    maskTruncated: z
      .boolean()
      .default(false)
      .describe("Leave completions that maxCompletionLength cut off out of the loss; their rewards stay in the group"),
    reduction: z
      .enum(["sequence", "token", "constant"])
      .default("sequence")
      .describe("Mean over tokens then sequences; over all tokens; or sum / (sequences * maxCompletionLength)"),
  })
  .refine(({ delta = Number.POSITIVE_INFINITY, epsilonHigh }) => delta > 1 + epsilonHigh, {
    path: ["delta"],
    error: "must be above 1 + epsilonHigh, where the other clip holds already",
  });
export type LossOptions = z.infer<typeof LossOptions>;
