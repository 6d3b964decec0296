import type { Exchange } from "./exchange.ts";
import { type Job, promptsOfPart, promptTokens } from "./job.ts";
import type { Machine } from "./machine.ts";
import type { Phase, Phases } from "./phases.ts";
import { isCut, parameterCount, trainedCount } from "./state-bytes.ts";

/** Estimates of the seconds that one step and the start of a run take; a phase that a run lacks is absent. */
export interface Seconds {
  load: number;
  /** Of a step; `update` is absent where its time was not measured. Several ranks exchange beside the backward pass, in part. */
  step: Partial<Record<"sampling" | "contrast" | "reference" | "gradients" | "exchange" | "update", number>>;
}

/**
 * What the torch backend reached on an H200 with the 7B model in bfloat16, in docs/results/qwen25vl-7b_h200_2026-11-29.md; the
 * estimates are within a factor of 1.25 of every figure there.
 */
const h200 = {
  /** Operations a second of products and attention, forward. */
  forward: 340e12,
  /** The same with the backward pass, recomputation included. */
  gradients: 240e12,
  bandwidth: 4.8e12,
  /** Seconds that a layer takes for a token beside reading its weights, and for each further prompt. */
  layer: 190e-6,
  layerOfPrompt: 28e-6,
  /** Times that reading the keys and values takes. */
  keys: 3,
  /** Parameters a second of AdamW with float32 moments. */
  update: 40e9,
  /** Bytes of model files a second. */
  loading: 0.72e9,
};

/** Undefined for a card, a dtype or moments that were never measured. */
export function secondsOf(
  job: Job,
  { of }: Phases,
  { card, ranks = 1 }: Machine,
  exchange: Exchange | undefined,
): Seconds | undefined {
  if (card.name !== "h200" || job.dtype !== "bfloat16") return undefined;
  const parts = Math.ceil(job.promptsPerStep / promptsOfPart(job) / ranks);
  const updated = trainedCount(job) / (isCut(job, ranks) ? ranks : 1);
  const { iterations = 1 } = job.rl ?? {};
  const forward = ({ operations }: Phase) => (parts * operations) / h200.forward;
  const { sampling, contrast, reference, gradients } = of;
  return {
    load: (2 * parameterCount(job)) / h200.loading,
    step: {
      ...(sampling && { sampling: forward(sampling) + parts * job.completionTokens * tokenSeconds(job) }),
      ...(contrast && { contrast: forward(contrast) }),
      ...(reference && { reference: forward(reference) }),
      gradients: (iterations * parts * gradients!.operations) / h200.gradients,
      ...(exchange?.seconds !== undefined && { exchange: exchange.seconds }),
      ...(job.optimizer.moments === "float32" && { update: (iterations * updated) / h200.update }),
    },
  };
}

/** One token of all rows of a part. */
function tokenSeconds(job: Job): number {
  const { text } = job.model;
  const { completions, shuffled } = job.rl!;
  const prompts = promptsOfPart(job);
  const inputs = prompts * (shuffled > 0 ? 2 : 1);
  const keysOfToken = 2 * 2 * text.numHiddenLayers * text.numKeyValueHeads * text.headDim;
  const keys = prompts * (completions + shuffled) * keysOfToken * (promptTokens(job) + job.completionTokens / 2);
  return (
    (weightsOfToken(job) + h200.keys * keys) / h200.bandwidth +
    text.numHiddenLayers * (h200.layer + (inputs - 1) * h200.layerOfPrompt)
  );
}

/** Bytes of the text layers and the head, which a token reads. */
function weightsOfToken({ model: { text } }: Job): number {
  const { hiddenSize: d, intermediateSize: i, numAttentionHeads: N, numKeyValueHeads: K, headDim: H } = text;
  return 2 * (text.numHiddenLayers * (2 * d * N * H + 2 * d * K * H + 3 * d * i) + text.vocabSize * d);
}
