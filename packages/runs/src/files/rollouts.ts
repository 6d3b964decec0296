import { join } from "node:path";
import { z } from "zod";
import { type ReadLinesOptions, readLines } from "./json-lines.ts";
import { JsonNumber } from "./json-number.ts";
import { mediaItem, questionFields, share } from "./question.ts";

export const rolloutsFile = "rollouts.jsonl";

/** One completion and its scores before bonuses. */
const completion = {
  /** `<group>/ordered/<k>` or `<group>/shuffled/<k>`; absent in runs that had no ids yet. */
  id: z.string().optional(),
  text: z.string(),
  /** Length of the completion, its end token included. */
  tokens: z.int().min(0),
  accuracy: share,
  /** 1 if think-then-answer, else 0. */
  format: share,
  /** The value of each reward function, by name, before weights. */
  rewards: z.record(z.string(), JsonNumber).optional(),
  /** Order contrast, in nats; null or absent where it was not measured. */
  contrast: JsonNumber.nullish(),
};

const numbers = z.array(JsonNumber);

/** [C], one value for each token of the completion. */
const perToken = {
  completionIds: z.array(z.int().min(0)).min(1),
  /** Log-probabilities under the policy that sampled, in nats, at temperature 1 and with nothing cut off; float32. */
  logps: numbers,
  /** Entropy of that policy's distribution over the vocabulary before each token, in nats. */
  entropy: numbers.optional(),
  /** Log-probabilities under the reference model, in nats. */
  refLogps: numbers.optional(),
  /** Log-probabilities under the policy that sampled, on permuted frames, in nats. */
  permutedLogps: numbers.optional(),
};

/** Bonuses, reward and advantage of a rollout of the ordered half, which is trained on. */
const earned = {
  temporalBonus: z.number(),
  lengthBonus: z.number(),
  reward: z.number(),
  /** Dimensionless. */
  advantage: z.number(),
};

const tokenArrays = ["logps", "entropy", "refLogps", "permutedLogps"] as const;

function asLongAsCompletion(
  rollout: { completionIds: unknown[] } & { [Name in (typeof tokenArrays)[number]]?: unknown[] | undefined },
  context: z.RefinementCtx,
): void {
  const { length } = rollout.completionIds;
  for (const name of tokenArrays)
    if (rollout[name] !== undefined && rollout[name].length !== length)
      context.addIssue({
        code: "custom",
        path: [name],
        message: `needs as many values as completionIds, ${length}, and has ${rollout[name].length}`,
      });
}

/** One rollout of the shuffled half, which is compared with and not trained on. */
export const RolloutLine = z.object({ ...completion, ...perToken }).superRefine(asLongAsCompletion);
export type RolloutLine = z.infer<typeof RolloutLine>;

/** One completion whose scoring failed: it took no part in its group. */
export const FailedRolloutLine = z
  .object({
    id: z.string().optional(),
    text: z.string(),
    tokens: z.int().min(0),
    ...perToken,
    /** The part of the scoring that failed, and why. */
    failed: z.string(),
  })
  .superRefine(asLongAsCompletion);
export type FailedRolloutLine = z.infer<typeof FailedRolloutLine>;

/** One rollout of the ordered half. */
export const TrainedRolloutLine = z.object({ ...completion, ...earned, ...perToken }).superRefine(asLongAsCompletion);
export type TrainedRolloutLine = z.infer<typeof TrainedRolloutLine>;

const group = {
  step: z.int().min(1),
  /** `<step>/<round>/<n>`, where n counts the prompts of the round from 0; absent in runs that had no ids yet. */
  id: z.string().optional(),
  ...questionFields,
  /** The record's media, with what it asks of their frames and sizes; absent if it says no more than the path. */
  media: z.array(mediaItem).min(1).optional(),
  /** Version of the policy that sampled: the steps behind its weights; absent: `step - 1`, the step's own policy. */
  policyVersion: z.int().min(0).optional(),
  /** Native frames that the model saw, in order; of several media one after the other. */
  frameIndices: z.array(z.int().min(0)),
  /** Seconds from the first frame of its video to each frame, null for images; absent in runs that did not record it. */
  frameSeconds: z.array(z.number().nullable()).optional(),
  /** Frames of each of the media; absent if there is one. */
  clipFrames: z.array(z.int().min(1)).min(2).optional(),
  /** Frame f of the permuted clips is frame permutation[f] of the ordered ones; null without permuted clips. */
  permutation: z.array(z.int().min(0)).nullable(),
  /** [G] in the control of order contrast: each correct rollout's source of its bonus, see `contrastReward`; else null. */
  bonusOrder: z.array(z.int().min(0)).nullish(),
  /** p and p~ of tgrpo's `temporalReward`; p~ is null where nothing was compared. */
  p: z.number().nullable(),
  pShuffled: z.number().nullable(),
  /** 1 if the bonus of the group fired, 0 if not, null where there was none: images, plain GRPO, order contrast. */
  temporalReward: share.nullable(),
};

/** Fields to sample and score a group again. */
const provenance = {
  /** The step's draw of prompts that the group is from, counted from 0; above 0 only under dynamic sampling. */
  round: z.int().min(0),
  /** The part of the batch that the group belonged to; absent in runs that did not record it. */
  part: z.int().min(0).optional(),
  /** Seed of the prompt's random streams. */
  seed: z.int().min(0),
  /** SHA-256, in hex, of the decoded frames and their shape. */
  framesHash: z.string(),
};

/** One line of rollouts.jsonl: the rollouts of one prompt in one step, scored. */
export const RolloutGroupLine = z.object({
  ...group,
  ...provenance,
  ordered: z.array(TrainedRolloutLine).min(1),
  shuffled: z.array(RolloutLine),
  /** Completions of either half that could not be scored; absent where there are none. */
  failed: z.array(FailedRolloutLine).optional(),
});
export type RolloutGroupLine = z.infer<typeof RolloutGroupLine>;

/** A group without the fields for replay: values of each token are most of a line, and no page shows them. */
export const RolloutGroupText = z.object({
  ...group,
  ordered: z.array(z.object({ ...completion, ...earned })).min(1),
  shuffled: z.array(z.object(completion)),
});
export type RolloutGroupText = z.infer<typeof RolloutGroupText>;

/**
 * Every group of a run's rollouts.jsonl, in the order in which they were sampled.
 *
 * @throws {RunFileError} As `readLines`.
 */
export const readRollouts = (folder: string, options?: ReadLinesOptions): RolloutGroupLine[] =>
  readLines(join(folder, rolloutsFile), RolloutGroupLine, options);

/** The same groups as `readRollouts`, without their tokens. */
export const readRolloutTexts = (folder: string, options?: ReadLinesOptions): RolloutGroupText[] =>
  readLines(join(folder, rolloutsFile), RolloutGroupText, options);
