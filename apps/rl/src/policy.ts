import { dispose, tidy } from "@tensorflow/tfjs-core";
import type { Message } from "@videor1/data";
import { type Qwen25VL, toTensors } from "@videor1/model-qwen25vl";
import type { Clip, Processor } from "@videor1/processor-qwen25vl";
import type { Policy, SamplingOptions } from "@videor1/tgrpo";

/** One prompt as the model takes it, and the seeds of its answers. */
export interface PolicyInput {
  messages: readonly Message[];
  clip: Clip;
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
  processor: Processor,
  { maxNewTokens, temperature, topP, topK, doSample = true }: SamplingOptions & GenerationOptions,
): Policy<PolicyInput> {
  const process = (inputs: readonly PolicyInput[]) =>
    toTensors(
      processor(
        inputs.map(({ messages }) => messages),
        inputs.map(({ clip }) => [clip]),
        { addGenerationPrompt: true },
      ),
    );
  return {
    async generate(inputs, numReturnSequences) {
      const tensors = process(inputs);
      try {
        return await model.generate(tensors, {
          maxNewTokens,
          doSample,
          temperature,
          topP,
          topK,
          repetitionPenalty: 1,
          numReturnSequences,
          seeds: inputs.flatMap(({ seeds }, i) => seeds.slice(0, numReturnSequences[i])),
        });
      } finally {
        dispose({ ...tensors });
      }
    },
    logprobs: (inputs, completions) => tidy(() => model.logprobs(process(inputs), completions).logps),
  };
}
