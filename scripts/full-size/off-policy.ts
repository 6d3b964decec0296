/** RL of the miniature in one process, with completions of another model than the one that is trained. */
import { type Tensor, tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import { clipLoader, createLoader, openRecords } from "@videor1/data";
import { loadReference, loadTrained } from "@videor1/model-qwen25vl";
import { assistantTurn, loadProcessor } from "@videor1/processor-qwen25vl";
import { randomStream } from "@videor1/random";
import { qwenPolicy, qwenSampler, type RlConfig, tgrpoOptions } from "@videor1/rl";
import { isWeighed, sampleAndScore, type TrainedGroup, withReferenceLogps } from "@videor1/tgrpo";
import type { Job } from "../../apps/rl/src/job.ts";
import type { PolicyInput } from "../../apps/rl/src/policy.ts";
import { preparePrompt } from "../../apps/rl/src/prompts.ts";
import { readOptions } from "../../apps/rl/src/read-options.ts";
import { openRewardFunctions } from "../../apps/rl/src/rewards/open-reward-functions.ts";
import { loadRuleScorer } from "../../apps/rl/src/rewards/rule-scorer.ts";
import { createScorer } from "../../apps/rl/src/scorer.ts";

type Parameters = Readonly<Record<string, Variable>>;

/** The model of a config, a second one that samples, and all that scores. */
export async function openStudy(config: RlConfig) {
  const options = tgrpoOptions(config);
  const processor = await loadProcessor(config.model);
  const { opened } = assistantTurn(processor);
  const { model } = await loadTrained(config, undefined);
  const { model: other } = await loadTrained(config, undefined);
  const parked = await loadReference(config, model);
  const reference = parked.bring();
  const policy = qwenPolicy(model, processor);
  const rules = await loadRuleScorer(config.rewards);
  const functions = await openRewardFunctions([]);
  const decode = (ids: Int32Array) => opened + processor.tokenizer.decode([...ids], { skipSpecialTokens: true });
  const examples = await openRecords(config.data.records, { ...readOptions(config), print: () => {}, onLeftOut() {} });
  const batches = createLoader({
    examples,
    load: clipLoader(config.data.media, { seed: config.seed, check: () => {} }),
    batchSize: config.promptsPerStep,
    prefetch: 2 * config.promptsPerStep,
    seed: config.seed,
    epochs: Number.POSITIVE_INFINITY,
    dropLast: true,
  });
  return {
    model,
    options,
    processor,
    policy,
    rules,
    decode,
    /** The next prompts, with the seeds that training gives them in a step. */
    async take(step: number): Promise<Job[]> {
      const { loaded } = (await batches.next()).value!; // endless
      const seedOf = (i: number) => randomStream(config.seed, "prompt", step, i).int(2 ** 31);
      return loaded.map(({ example, value: clips }, i) => ({
        id: `${step + 1}/0/${i}`,
        example,
        clips,
        seed: seedOf(i),
      }));
    },
    /** Completions that the model of these weights gives to jobs, weighed, with the reference's log-probabilities. */
    async sample(jobs: readonly Job[], weights: readonly Float32Array[], step: number) {
      setValues(other.trainable, weights);
      const prompts = jobs.map((job) => preparePrompt(job, config, options, processor));
      const groups = await sampleAndScore({
        prompts,
        sampler: qwenSampler(other, processor, { ...options.rollout, policyVersion: step }),
        scorer: createScorer({ decode, rules, functions, step: step + 1 }),
        policy,
        options,
      });
      const weighed = groups.flatMap((group, i): TrainedGroup<PolicyInput>[] =>
        isWeighed(group) ? [{ input: prompts[i]!.ordered, group }] : [],
      );
      return await withReferenceLogps(qwenPolicy(reference, processor), weighed);
    },
    async close() {
      await batches.return();
      examples.close();
      for (const { parameters } of [model, other])
        for (const parameter of Object.values(parameters)) parameter.dispose();
      reference.dispose();
      parked.dispose();
    },
  };
}

export const valuesOf = async (parameters: Parameters): Promise<Float32Array[]> =>
  await Promise.all(Object.values(parameters).map(async (parameter) => (await parameter.data<"float32">()).slice()));

function setValues(parameters: Parameters, values: readonly Float32Array[]): void {
  for (const [i, parameter] of Object.values(parameters).entries())
    tidy(() => parameter.assign(tensor(values[i]!, parameter.shape) as Tensor));
}

/** To nearest, ties away from zero. */
export function roundedToBfloat16(values: Float32Array): Float32Array {
  const rounded = values.slice();
  const bits = new Uint32Array(rounded.buffer);
  for (let i = 0; i < bits.length; i++) bits[i] = (bits[i]! + 0x8000) & 0xffff0000;
  return rounded;
}
