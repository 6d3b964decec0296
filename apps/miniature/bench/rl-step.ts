/** A T-GRPO step as apps/rl makes it, over drawn questions: sample and score, reference, gradients. */
import { valueAndGrads } from "@videor1/engine";
import type { Qwen25VL } from "@videor1/model-qwen25vl";
import type { Processor } from "@videor1/processor-qwen25vl";
import { type PolicyInput, qwenPolicy, qwenSampler } from "@videor1/rl";
import {
  batchSize,
  isWeighed,
  type Prompt,
  policyGradients,
  sampleAndScore,
  shuffledOf,
  type TgrpoOptions,
  withReferenceLogps,
} from "@videor1/tgrpo";
import type { Gradients } from "@videor1/train";
import type { Item } from "../src/tasks/index.ts";
import { clipOf, questionOf, scoreOf } from "./questions.ts";

/** A prompt and the question that it asks. */
export type BenchPrompt = Prompt<PolicyInput> & { item: Item };

/** The permuted clip is the clip itself: the work does not depend on the order of the frames. */
export function benchPrompt(processor: Processor, item: Item, id: string, seeds: readonly number[]): BenchPrompt {
  const clip = processor.resize(clipOf(item));
  const row = () => processor.row(questionOf(item), [clip], { addGenerationPrompt: true });
  const ordered = { row: row(), seeds };
  return item.dataType === "image"
    ? { id, item, kind: "image", ordered }
    : { id, item, kind: "video", ordered, permuted: { row: row(), seeds } };
}

export interface BenchStep {
  model: Qwen25VL;
  reference: Qwen25VL;
  processor: Processor;
  options: TgrpoOptions;
  prompts: readonly BenchPrompt[];
}

/** @returns The gradients, owned by the caller, and the tokens that were sampled. */
export async function rlStep({ model, reference, processor, options, prompts }: BenchStep): Promise<{
  grads: Gradients;
  sampledTokens: number;
}> {
  const policy = qwenPolicy(model, processor);
  const groups = await sampleAndScore({
    prompts,
    sampler: qwenSampler(model, processor, { ...options.rollout, policyVersion: 0 }),
    scorer: async (rollouts, { item }) =>
      rollouts.map(({ completionIds }) => {
        const text = processor.tokenizer.decode([...completionIds], { skipSpecialTokens: true });
        return { text, ...scoreOf(text, item) };
      }),
    policy,
    options,
  });
  const weighed = groups.filter(isWeighed);
  const trained = await withReferenceLogps(
    qwenPolicy(reference, processor),
    weighed.map((group, i) => ({ input: prompts[i]!.ordered, group })),
  );
  const { grads } = await policyGradients({
    policy,
    groups: trained,
    options,
    valueAndGrads: (f) => valueAndGrads(f, model.parameters),
  });
  const tokens = batchSize(weighed).tokens;
  const shuffled = weighed.flatMap((group) => shuffledOf(group).map(({ completionIds }) => completionIds.length));
  return { grads, sampledTokens: shuffled.reduce((sum, length) => sum + length, tokens) };
}
