/** What the RL loop asks of its workers. Every worker holds a replica of the policy, the reference and the optimizer. */
import type { Example, LoadedClip } from "@videor1/data";
import type { GroupScore, Rollout, RolloutGroup } from "@videor1/tgrpo";
import type { TrainingCalls } from "@videor1/train";
import type { RlConfig } from "./config.ts";

/** One prompt of a step. */
export interface Job {
  example: Example;
  clip: LoadedClip;
  /** Seed of everything that is drawn for this prompt: its answers, the order of its twin's frames, the control's. */
  seed: number;
  /** Replay: the answers, instead of sampled ones. Of the jobs of one call all have them or none. */
  answers?: RecordedAnswers;
}

type RecordedAnswer = Required<Pick<Rollout, "completionIds" | "logps">>;

export interface RecordedAnswers {
  ordered: readonly RecordedAnswer[];
  shuffled: readonly RecordedAnswer[];
}

export interface RlWorkerData {
  config: RlConfig;
  /** Checkpoint to continue from, instead of `config.model`. */
  checkpoint: string | undefined;
}

/** One answer to one prompt, as it is kept. */
export interface ScoredAnswer {
  text: string;
  tokens: number;
  accuracy: number;
  format: number;
  completionIds: number[];
  /** Of each token under the policy that sampled it, in nats; float32. */
  logps: number[];
}

export interface TrainedAnswer extends ScoredAnswer {
  /** Order contrast in nats; null where it was not measured: wrong answers, images, other kinds of temporal reward. */
  contrast: number | null;
  temporalBonus: number;
  lengthBonus: number;
  reward: number;
  advantage: number;
}

/** One prompt's answers, rewards and advantages: a line of rollouts.jsonl, but for the step. */
export interface GroupRecord {
  problemId: number;
  dataSource: string;
  problemType: Example["problemType"];
  dataType: Example["dataType"];
  problem: string;
  options: readonly string[];
  solution: string;
  path: string;
  /** Of the draws of prompts that the step made, from 0; above 0 only under dynamic sampling. */
  round: number;
  /** Of all that was drawn for this prompt. */
  seed: number;
  /** SHA-256 of the decoded frames. */
  framesHash: string;
  frameIndices: number[];
  /** Frame f of the twin, which was shuffled or compared with, is the ordered clip's frame permutation[f]; null: no twin. */
  permutation: number[] | null;
  /** Control of order contrast: whose bonus each correct answer got, see tgrpo's `contrastReward`; null otherwise. */
  bonusOrder: number[] | null;
  p: number;
  pShuffled: number | null;
  /** 1 if the bonus of the group fired, 0 if not, null where there was none: images, plain GRPO, order contrast. */
  temporalReward: 0 | 1 | null;
  ordered: TrainedAnswer[];
  shuffled: ScoredAnswer[];
}

export interface RlCalls extends TrainingCalls {
  /**
   * Sample and score the answers to one part of a step's prompts, and keep the groups that `gradients` is to train on;
   * round 0 begins a step.
   */
  rollout: {
    request: { part: number; round: number; jobs: readonly Job[] };
    reply: { records: GroupRecord[]; groups: RolloutGroup[]; scores: GroupScore[] };
  };
  /**
   * One optimizer step with the groups that the workers keep, asked of all workers at once; `batch` counts the answers and
   * tokens of all of them. The reply holds loss, metrics and `gradNorm`.
   */
  update: { request: { batch: { rows: number; tokens: number }; learningRate: number }; reply: Record<string, number> };
  /** One answer to each held-back prompt, and its rule rewards. */
  answer: { request: { jobs: readonly Job[] }; reply: { scores: { accuracy: number; format: number }[] } };
}
