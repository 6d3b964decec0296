/** What the SFT loop asks of its workers. Every worker holds a replica of the model and of the optimizer. */
import type { Example, LoadedClip } from "@videor1/data";
import type { CheckpointRequest, EngineRecord } from "@videor1/runs";
import type { SftConfig } from "./config.ts";

export interface Job {
  example: Example;
  clip: LoadedClip;
}

export interface SftWorkerData {
  config: SftConfig;
  /** Checkpoint to continue from, instead of `config.model`. */
  checkpoint: string | undefined;
}

export interface SftCalls {
  open: { request: object; reply: { engine: EngineRecord; parameters: number; gradientBytes: number } };
  /** Memory for the gradients of every part of a batch, shared by several workers. */
  share: { request: { memory: SharedArrayBuffer }; reply: object };
  /** Gradients of the summed loss of one part of a batch. */
  gradients: { request: { part: number; jobs: readonly Job[] }; reply: { lossSum: number; tokens: number } };
  /** Summed loss of held-back records. */
  loss: { request: { jobs: readonly Job[] }; reply: { lossSum: number; tokens: number } };
  /** One optimizer step with the parts' gradients over `tokens`. */
  apply: { request: { parts: number; tokens: number; learningRate: number }; reply: { gradNorm: number } };
  checkpoint: { request: CheckpointRequest; reply: object };
  /** Writes the trained model. */
  finish: { request: { folder: string }; reply: object };
}
