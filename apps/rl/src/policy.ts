import { tidy } from "@tensorflow/tfjs-core";
import type { Qwen25VL } from "@videor1/model-qwen25vl";
import type { ProcessedRow, Processor } from "@videor1/processor-qwen25vl";
import type { Policy, SamplingOptions } from "@videor1/tgrpo";

/** One prompt as the model takes it, processed once for all that reads it, and the seeds of its answers. */
export interface PolicyInput {
  /** The prompt with the assistant's turn opened. */
  row: ProcessedRow;
  /** Seed of answer k. */
  seeds: readonly number[];
}

interface GenerationOptions {
  maxNewTokens: number;
  /** Default true; false: greedy. */
  doSample?: boolean;
}

/** Qwen2.5-VL as the policy of T-GRPO. Prompts are left padded; each is computed once, however many answers it has. */
export function qwenPolicy(
  model: Qwen25VL,
  processor: Pick<Processor, "batch">,
  { maxNewTokens, temperature, topP, topK, doSample = true }: SamplingOptions & GenerationOptions,
): Policy<PolicyInput> {
  const batch = (inputs: readonly PolicyInput[]) => processor.batch(inputs.map(({ row }) => row));
  return {
    generate: (inputs, numReturnSequences) =>
      model.generate(batch(inputs), {
        maxNewTokens,
        doSample,
        temperature,
        topP,
        topK,
        repetitionPenalty: 1,
        numReturnSequences,
        seeds: inputs.flatMap(({ seeds }, i) => seeds.slice(0, numReturnSequences[i])),
      }),
    logprobs: (inputs, completions) => tidy(() => model.logprobs(batch(inputs), completions).logps),
  };
}
