/** What the RL loop asks of its workers. Every worker holds a replica of the policy, the reference and the optimizer. */
import type { Example, LoadedClip } from "@videor1/data";
import type { CheckpointRequest, EngineRecord, RolloutGroupLine } from "@videor1/runs";
import type { GroupScore, Metrics, Rollout, RolloutGroup } from "@videor1/tgrpo";
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

/** One prompt's rollouts, scored: a line of rollouts.jsonl without what the run adds to it. */
export type GroupRecord = Omit<RolloutGroupLine, "step" | "id">;

export interface RlCalls {
  open: { request: object; reply: { engine: EngineRecord; parameters: number; gradientBytes: number } };
  /** Memory for the gradients of every part of a step, shared by several workers. */
  share: { request: { memory: SharedArrayBuffer }; reply: object };
  /**
   * Sample and score the answers to one part of a step's prompts, and keep the groups that `gradients` is to train on;
   * round 0 begins a step.
   */
  rollout: {
    request: { part: number; round: number; jobs: readonly Job[] };
    reply: { records: GroupRecord[]; groups: RolloutGroup[]; scores: GroupScore[] };
  };
  /** Gradients of the kept part's share of the loss over `batch`; the reply is its share of the loss and its metrics. */
  gradients: { request: { part: number; batch: { rows: number; tokens: number } }; reply: Metrics };
  /** One answer to each held-back prompt, and its rule rewards. */
  answer: { request: { jobs: readonly Job[] }; reply: { scores: { accuracy: number; format: number }[] } };
  apply: { request: { parts: number; learningRate: number }; reply: { gradNorm: number } };
  checkpoint: { request: CheckpointRequest; reply: object };
  /** Writes the trained model. */
  finish: { request: { folder: string }; reply: object };
}
