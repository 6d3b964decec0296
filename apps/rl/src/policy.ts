import { tidy } from "@tensorflow/tfjs-core";
import type { GenerateOptions, Qwen25VL } from "@videor1/model-qwen25vl";
import type { ProcessedRow, Processor } from "@videor1/processor-qwen25vl";
import type { Completion, Policy, Sampler, SamplingOptions } from "@videor1/tgrpo";

/** One prompt as the model takes it, processed once for all that reads it. */
export interface PolicyInput {
  /** The prompt with the assistant's turn opened. */
  row: ProcessedRow;
  /** Seed of completion k. */
  seeds: readonly number[];
}

export interface QwenSamplerOptions extends Omit<SamplingOptions, "numGenerations"> {
  /** Default true; false: greedy. */
  doSample?: boolean;
  /** Completions that are decoded at a time; default: all. */
  maxRows?: number | undefined;
  /** Steps of training behind the model's weights. */
  policyVersion: number;
}

/** Qwen2.5-VL in this process as a sampler. Each prompt is computed once, however many completions it has. */
export function qwenSampler(
  model: Qwen25VL,
  processor: Pick<Processor, "batch">,
  { maxCompletionLength, temperature, topP, topK, doSample = true, maxRows, policyVersion }: QwenSamplerOptions,
): Sampler<PolicyInput> {
  return {
    async generate(requests, onSamples) {
      const ended = requests.map(({ count }): Completion[] => Array(count));
      const first = firstRows(requests);
      const left = requests.map(({ count }) => count);
      const onRow: GenerateOptions["onRow"] = ({ row, prompt, ids, logps, finished }) => {
        ended[prompt]![row - first[prompt]!] = { completionIds: ids, logps, isTruncated: !finished };
        if (--left[prompt]! === 0) onSamples?.(prompt, { completions: ended[prompt]!, policyVersion });
      };
      const { sequences, promptOf, logps, finished } = await model.generate(
        processor.batch(requests.map(({ input }) => input.row)),
        {
          maxNewTokens: maxCompletionLength,
          doSample,
          temperature,
          topP,
          topK,
          repetitionPenalty: 1,
          numReturnSequences: requests.map(({ count }) => count),
          seeds: requests.flatMap(({ input, count }) => input.seeds.slice(0, count)),
          ...(maxRows !== undefined && { maxRows }),
          ...(onSamples && { onRow }),
        },
      );
      return requests.map((_, request) => {
        const completions = sequences.flatMap((completionIds, row) =>
          promptOf[row] === request ? [{ completionIds, logps: logps[row]!, isTruncated: !finished[row] }] : [],
        );
        return { completions, policyVersion };
      });
    },
  };
}

/** The row of each request's first completion. */
function firstRows(requests: readonly { count: number }[]): number[] {
  let next = 0;
  return requests.map(({ count }) => {
    next += count;
    return next - count;
  });
}

export interface QwenPolicyOptions {
  /** Default 1. Logits are divided by it, as in sampling; of the cut by top-p and top-k the policy knows nothing. */
  temperature?: number;
}

/** Qwen2.5-VL as the policy of T-GRPO: log-probabilities and entropy of completions. */
export function qwenPolicy(
  model: Pick<Qwen25VL, "logprobs">,
  processor: Pick<Processor, "batch">,
  { temperature = 1 }: QwenPolicyOptions = {},
): Policy<PolicyInput> {
  return {
    logprobs: (inputs, completions) =>
      tidy(() => model.logprobs(processor.batch(inputs.map(({ row }) => row)), completions, { temperature })),
  };
}
