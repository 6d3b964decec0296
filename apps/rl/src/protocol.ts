/** What the RL loop asks of its workers. Every worker holds a replica of the policy, the reference and the optimizer. */
import type { RunLines } from "@videor1/runs";
import type { BatchSize, Metrics, UnscoredGroup, WeighedGroup } from "@videor1/tgrpo";
import type { TrainingCalls } from "@videor1/train";
import type { RlConfig } from "./config.ts";
import type { Job, PromptFacts } from "./job.ts";
import type { RecordedSamples } from "./replay/recorded-sampler.ts";
import type { ServedPolicy } from "./served/served-policy.ts";
import type { ServedSamples } from "./served/served-samples.ts";

export interface RlWorkerData {
  config: RlConfig;
  /** Checkpoint to continue from, instead of `config.model`. */
  checkpoint: string | undefined;
  /** Replay: the completions of every prompt, instead of sampled ones. */
  recorded?: RecordedSamples;
}

/** A prompt's weighed group, or why it has none, with what the prompt was made of. */
export interface SampledPrompt extends PromptFacts {
  /** Of its job. */
  id: string;
  group: WeighedGroup | UnscoredGroup;
}

/** A job that the servers gave no answers to. */
export interface Unanswered {
  id: string;
  reason: string;
}

export interface RlCalls extends TrainingCalls {
  /**
   * Samples completions of prompts, those of all parts together, and scores them, those of each part by themselves. The worker
   * holds them until the step ends: by `update` or `discard`. With
   * `served` the completions are those of servers; prompts that they answered not are named in the reply.
   */
  rollout: {
    request: { step: number; parts: readonly (readonly Job[])[]; served?: ServedSamples | undefined };
    reply: {
      sampled: SampledPrompt[];
      unanswered: Unanswered[];
      /** Completions of other weights than were asked for, which were thrown away and drawn again. */
      ofOtherWeights: number;
    };
  };
  /** Asked of worker 0: gives its weights to the servers of `rollout.server`; see `policyPusher`. */
  push: {
    request: { version: number; probe?: Job | undefined; waitSeconds?: number | undefined };
    reply: { policy: ServedPolicy; lines: string[] };
  };
  /** Asked of worker 0 at the end: takes from the servers what they were given. */
  retire: { request: object; reply: object };
  /**
   * Asked of all workers: the step's optimizer updates with the groups of some prompts, by part of the batch. The worker
   * `part % size` holds the prompts of a part. `advantages` by prompt id replace those that it weighed.
   */
  update: {
    request: {
      parts: readonly (readonly string[])[];
      batch: BatchSize;
      learningRate: number;
      advantages?: Readonly<Record<string, readonly number[]>> | undefined;
      /** Mean difference of the servers' log-probabilities to the policy's, in nats, above which no update is made. */
      mostMismatch?: number | undefined;
    };
    reply: Metrics & { gradNorm: number };
  };
  /** Drops the prompts of a step without an update. */
  discard: { request: object; reply: object };
  /** One answer to each held-back prompt, and its rule rewards. */
  answer: { request: { jobs: readonly Job[] }; reply: { answers: RunLines["validation.jsonl"][] } };
  /** Replay: the log-probabilities that the policy gives the completions of held prompts now, ordered and shuffled. */
  logps: { request: { ids: readonly string[] }; reply: { logps: GroupLogps[] } };
}

/** [completions] of [tokens], in nats. */
export interface GroupLogps {
  ordered: Float32Array[];
  shuffled: Float32Array[];
}
