import { type AccuracyOptions, accuracyReward, extractAnswer, extractThinking } from "@videor1/rewards";
import type { DataRecord } from "../data-record.ts";

/** A completion that a model gave to a record's question. */
export interface ThoughtSample {
  /** The whole completion, tags included. */
  output: string;
  /** `length`: it was cut off. */
  finishReason?: string | undefined;
  /** Its tokens, where the server counts them. */
  completionTokens?: number | undefined;
}

/** Fields that an annotated record has for choosing among them, and a record for training has not. */
export const helperFields = ["answer", "reward", "select", "output", "finish_reason", "completion_tokens"] as const;

/** The reward from above which the original selects an annotated record. */
export const selectedAbove = 0.6;

/**
 * The fields of a record with a model's thoughts: `process` is `<think>…</think>`, absent if the thinking is empty; `answer` is what
 * stands in the answer tags, `reward` its accuracy by the rules, `select` whether that is above 0.6. `output` is the whole
 * completion, beside what its server said of it. The solution stays the record's own.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/generate_cot_vllm.py
 */
export function annotatedRecord(
  { fields, example }: Pick<DataRecord, "fields" | "example">,
  sample: ThoughtSample,
  options: AccuracyOptions,
): Record<string, unknown> & { reward: number; select: boolean } {
  const { output, finishReason, completionTokens } = sample;
  const { process: _, ...rest } = fields;
  const thinking = extractThinking(output);
  const reward = accuracyReward(output, example.solution, example.problemType, options);
  return {
    ...rest,
    ...(thinking !== "" && { process: `<think>${thinking}</think>` }),
    answer: extractAnswer(output, options),
    reward,
    select: reward > selectedAbove,
    output,
    ...(finishReason !== undefined && { finish_reason: finishReason }),
    ...(completionTokens !== undefined && { completion_tokens: completionTokens }),
  };
}
