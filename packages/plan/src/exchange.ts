// What ranks send each other in a step; docs/decisions/0006-ranks.md has the formulas.
import type { Job } from "./job.ts";
import type { Machine } from "./machine.ts";
import { trainedCount } from "./state-bytes.ts";

export interface Exchange {
  /** Bytes that a rank sends in a step: gradients, which travel beside the backward pass, and updated weights. */
  gradients: number;
  weights: number;
  /** Seconds of both; undefined where nothing is known of what the card sends. */
  seconds?: number | undefined;
}

/**
 * The share of a data sheet's figure that is counted with. NCCL's own tests reach 0.75 to 0.8 of it in large messages; smaller buckets,
 * and the checks before each, cost more. Not measured here.
 */
const reached = 0.6;

/** Undefined for one rank. */
export function exchangeOf(job: Job, { card, ranks = 1, machines = 1 }: Machine): Exchange | undefined {
  if (ranks === 1) return undefined;
  const { zeroStage } = job.sharding;
  const { iterations = 1 } = job.rl ?? {};
  const trained = trainedCount(job);
  const narrow = job.dtype === "bfloat16" && !job.adapter ? 2 : 4;
  const rounds = zeroStage === 1 ? 1 : Math.ceil(job.parts / ranks);
  const widths = { gradients: zeroStage === 2 ? narrow : 4, weights: zeroStage === 0 ? 4 : narrow };
  const toOthers = (ranks - 1) / ranks;
  const gradients = iterations * rounds * widths.gradients * trained * toOthers;
  const weights = iterations * widths.weights * trained * toOthers;
  const { sends } = card;
  if (!sends) return { gradients, weights };
  const near = ranks / machines - 1;
  const far = ranks - 1 - near;
  const each = (gradients + weights) / (ranks - 1);
  const seconds = Math.max((near * each) / sends.inside, (far * each) / sends.outside) / reached;
  return { gradients, weights, seconds };
}

/** Buckets that a rank holds, in and out, at the most: of gradients while they travel, of weights in the update. */
export function bucketBytes({ sharding }: Job, ranks: number): { gradients: number; update: number } {
  if (ranks === 1) return { gradients: 0, update: 0 };
  const bucket = 1e6 * sharding.bucketMegabytes;
  if (sharding.zeroStage === 0) return { gradients: 2 * 4 * 2 ** 22, update: 0 };
  return { gradients: (2 * 3 + 1) * bucket, update: 2 * (1 + 1 / ranks) * bucket };
}
