/** The calls of the SFT loop to its workers. Every worker holds a replica of the model and of the optimizer. */
import type { Example, LoadedClip } from "@videor1/data";
import type { TrainingCalls } from "@videor1/train";
import type { SftConfig } from "./config.ts";

export interface Job {
  example: Example;
  clips: LoadedClip[];
}

export interface SftWorkerData {
  config: SftConfig;
  /** Checkpoint to resume from, instead of `config.model`. */
  checkpoint: string | undefined;
}

export interface SftCalls extends TrainingCalls {
  /** One optimizer step, called on all workers at once. */
  update: { request: UpdateRequest; reply: Update };
  /** Summed loss of held-back records, in nats. */
  loss: { request: { jobs: readonly Job[] }; reply: { lossSum: number; tokens: number } };
}

export interface UpdateRequest {
  /** The jobs of each part of the batch; null in the place of a part that another worker computes. */
  parts: readonly (readonly Job[] | null)[];
  learningRate: number;
}

export interface Update {
  /** Nats a token. */
  loss: number;
  tokens: number;
  gradNorm: number;
}
