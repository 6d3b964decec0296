// What a replica holds from step to step; docs/decisions/0002-replicas.md has the same as a table.
import { adapterShapes, isOfVision, parameterShapes } from "@videor1/model-qwen25vl";
import { momentBytes, momentStorage } from "@videor1/train";
import type { Job } from "./job.ts";
import { sizeOf } from "./shapes/strides.ts";

export interface StateBytes {
  /** That compute, those of an adapter included. */
  weights: number;
  /** What bfloat16 weights lack of their float32 masters. */
  masters: number;
  moments: number;
  /** The frozen model, in the host's memory; or the adapter that the run started from. */
  reference: number;
}

const bytesOf = (dtype: Job["dtype"]): number => (dtype === "bfloat16" ? 2 : 4);

export const parameterCount = ({ model }: Job): number => total(parameterShapes(model));

/** The sizes of the parameters that have gradients, by name: the model's own, or the two matrices of every adapter. */
export function trainedSizes({ model, trainable, adapter }: Job): [name: string, size: number][] {
  const shapes: Record<string, readonly number[]> = adapter ? adapterShapes(model, adapter) : parameterShapes(model);
  return Object.entries(shapes).flatMap(([name, shape]): [string, number][] =>
    trainable === "language" && isOfVision(name) ? [] : [[name, sizeOf(shape)]],
  );
}

export const trainedCount = (job: Job): number => trainedSizes(job).reduce((total, [, size]) => total + size, 0);

export function stateBytes(job: Job): StateBytes {
  const { dtype, adapter, rl } = job;
  const all = parameterCount(job);
  const trained = trainedCount(job);
  const ofAdapter = adapter ? 4 * trained : 0; // float32 whatever the model is
  return {
    weights: bytesOf(dtype) * all + ofAdapter,
    masters: dtype === "bfloat16" && !adapter ? 2 * trained : 0,
    moments: momentsOf(job),
    reference: rl?.reference === "copy" ? bytesOf(dtype) * all : rl?.reference === "adapter" ? ofAdapter : 0,
  };
}

const momentsOf = (job: Job): number =>
  trainedSizes(job).reduce(
    (total, [name, size]) => total + momentBytes(size, momentStorage(name, size, job.optimizer)),
    0,
  );

/**
 * Bytes of a checkpoint: float32 weights, or an adapter's, and moments; of ranks that cut the state, weights as they compute, and what
 * the trained ones lack of float32.
 */
export function checkpointBytes(job: Job, ranks = 1): number {
  const moments = momentsOf(job);
  if (job.adapter) return 4 * trainedCount(job) + moments;
  if (!isCut(job, ranks)) return 4 * parameterCount(job) + moments;
  return bytesOf(job.dtype) * parameterCount(job) + stateBytes(job).masters + moments;
}

/** Whether moments, masters and sums of gradients are cut among ranks. */
export const isCut = ({ sharding }: Job, ranks: number): boolean => ranks > 1 && sharding.zeroStage > 0;

/** What one rank of several holds. */
export function rankBytes(job: Job, ranks: number): StateBytes {
  const { weights, masters, moments, reference } = stateBytes(job);
  const share = isCut(job, ranks) ? ranks : 1;
  return { weights, masters: masters / share, moments: moments / share, reference };
}

/** Bytes of the files of the trained model; of an adapter's run, of the adapter. */
export const modelBytes = (job: Job): number =>
  job.adapter ? 4 * trainedCount(job) : bytesOf(job.dtype) * parameterCount(job);

const total = (shapes: Record<string, readonly number[]>): number =>
  Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0);
