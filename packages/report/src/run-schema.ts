/** The lines that the apps write, as far as the report reads them; other fields are ignored. */
import { problemTypes } from "@videor1/rewards";
import { type LedgerCode, ledgerCodes, questionFields } from "@videor1/runs";
import { z } from "zod";

const share = z.number().min(0).max(1);
/** A mean over the groups with shuffled answers, or the answers with a contrast: absent in a step that had none. */
const videoMean = z.number().optional();

/** Absent in a step that had nothing to train on, and only ended with a validation. */
const trainedMean = z.number().optional();

/** One line of `sft/metrics.jsonl`. */
export const SftStep = z.object({
  step: z.int(),
  loss: trainedMean,
  /** At the steps that end with a validation. */
  "validation/loss": z.number().optional(),
  trained: z.int(),
  secondsElapsed: z.number(),
});
export type SftStep = z.infer<typeof SftStep>;

/** One line of an RL run's `metrics.jsonl`: means over the step's groups, under the names of tgrpo's groupMetrics. */
export const RlStep = z.object({
  step: z.int(),
  "reward/accuracy": trainedMean,
  "reward/format": trainedMean,
  "reward/temporal": trainedMean,
  "group/noSignal": share.optional(),
  "temporal/pShuffled": videoMean,
  "temporal/gap": videoMean,
  "contrast/delta": videoMean,
  completionLength: trainedMean,
  /** Absent where there is no reference model: loss.beta is 0. */
  kl: z.number().optional(),
  /** At the steps that end with a validation. */
  "validation/accuracy": z.number().optional(),
  /** Records that were trained so far. */
  trained: z.int(),
  secondsElapsed: z.number(),
});
export type RlStep = z.infer<typeof RlStep>;

/** One line of a run's `ledger.jsonl`: a record that was drawn and not trained. */
export const LedgerEntry = z.object({
  step: z.int(),
  problemId: z.int(),
  outcome: z.enum(["skipped", "failed"]),
  code: z.enum(Object.keys(ledgerCodes) as [LedgerCode, ...LedgerCode[]]),
  reason: z.string(),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

const Answer = z.object({ text: z.string(), tokens: z.int().min(0), accuracy: share, format: share });
const OrderedAnswer = Answer.extend({
  /** Order contrast, nats; null or absent where it was not measured. */
  contrast: z.number().nullish(),
  temporalBonus: z.number(),
  lengthBonus: z.number(),
  reward: z.number(),
  advantage: z.number(),
});

/** One line of an RL run's `rollouts.jsonl`: the answers sampled for one question in one step. */
export const Rollouts = z.object({
  step: z.int(),
  ...questionFields,
  /** Native frames that the model saw, in order. */
  frameIndices: z.array(z.int().min(0)),
  /** Frame f of the shuffled or contrasted clip shows ordered frame permutation[f]. */
  permutation: z.array(z.int().min(0)).nullable(),
  /** Control of order contrast: the order in which the right answers get the bonuses. */
  bonusOrder: z.array(z.int().min(0)).nullish(),
  p: z.number().nullable(),
  pShuffled: z.number().nullable(),
  temporalReward: z.number().nullable(),
  ordered: z.array(OrderedAnswer).min(1),
  shuffled: z.array(Answer),
});
export type Rollouts = z.infer<typeof Rollouts>;

/** One line of `bench/<name>.predictions.jsonl`. A question that could not be asked counts as wrong. */
export const Prediction = z.object({
  problemId: z.int(),
  dataSource: z.string(),
  problemType: z.enum(problemTypes),
  status: z.enum(["answered", "failed"]),
  /** Absent where the question could not be asked. */
  output: z.string().optional(),
  score: share,
  shuffledScore: share.nullish(),
});
export type Prediction = z.infer<typeof Prediction>;

/** `bench/<name>.json`. The scores are taken from the predictions. */
export const BenchSummary = z.object({
  name: z.string(),
  /** Rules that the answers were graded by. */
  grading: z.enum(["video-r1", "training"]),
  /** Frames of every video; null where a frame rate decided. */
  nframes: z.union([z.int(), z.array(z.int())]).nullable(),
});
export type BenchSummary = z.infer<typeof BenchSummary>;
