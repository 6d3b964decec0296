/** A member of a T-GRPO run: its replica, the answers to its parts of a step with their scores, and their gradients. */
import { availableParallelism } from "node:os";
import type { Example } from "@videor1/data";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { loadForTraining, loadModel, type Qwen25VL, saveModel } from "@videor1/model-qwen25vl";
import { copyProcessor, loadProcessor } from "@videor1/processor-qwen25vl";
import { accuracyReward, formatReward } from "@videor1/rewards";
import {
  type Metrics,
  orderContrast,
  policyGradients,
  type ScoredGroup,
  sampleGroups,
  scoreGroup,
} from "@videor1/tgrpo";
import { serveWorker, threadCollective, trainingWorker, workerEngine } from "@videor1/train";
import { groupRecord } from "./group-record.ts";
import { tgrpoOptions } from "./options.ts";
import { type PolicyInput, qwenPolicy } from "./policy.ts";
import { preparePrompt } from "./prompts.ts";
import type { RlCalls, RlWorkerData } from "./protocol.ts";
import { recordedAnswers } from "./recorded-answers.ts";
import { isKept } from "./sample-step.ts";
import { sumMetrics } from "./sum-metrics.ts";
import { withLogps } from "./with-logps.ts";

serveWorker<RlWorkerData, RlCalls>(async ({ config, checkpoint }, member) => {
  const engine = await initEngine(workerEngine(config.engine, availableParallelism()));
  const options = tgrpoOptions(config);
  const sampling = { ...options.sampling, maxNewTokens: config.rollout.maxCompletionLength };
  const { gradientCheckpointing, dtype } = config;
  const rules = { rules: config.rewards };
  const { model, master } = await loadForTraining(checkpoint ?? config.model, { gradientCheckpointing, dtype });
  const processor = await loadProcessor(config.model);
  const policy = qwenPolicy(model, processor, sampling);
  const reference = options.loss.beta > 0 && qwenPolicy(await loadModel(config.model, { dtype }), processor, sampling);
  const validator = qwenPolicy(model, processor, { ...sampling, doSample: config.validation?.doSample ?? false });
  const kept = new Map<number, ScoredGroup<PolicyInput>[]>();
  const decode = (ids: Int32Array): string => processor.tokenizer.decode([...ids], { skipSpecialTokens: true });
  const scoreOf = (completionIds: Int32Array, { solution, problemType }: Example) => {
    const text = decode(completionIds);
    return { accuracy: accuracyReward(text, solution, problemType, rules), format: formatReward(text, rules) };
  };

  const write = async (model: Qwen25VL, folder: string) => {
    await saveModel(model, folder);
    await copyProcessor(config.model, folder);
  };
  const { replica, handlers } = trainingWorker({
    engine,
    collective: threadCollective(member, config.engine),
    parameters: master.parameters,
    copies: model.parameters,
    optimizer: config.optimizer,
    checkpoint,
    writeCheckpoint: (folder) => write(master, folder),
    writeModel: (folder) => write(model, folder),
  });

  return {
    ...handlers,

    async rollout({ part, round, jobs }) {
      if (round === 0) kept.set(part, []);
      if (jobs.length === 0) return { records: [], groups: [], scores: [] };
      const ready = jobs.map((job) => preparePrompt(job, config, options));
      const exampleOf = new Map(ready.map(({ prompt, example }) => [prompt, example]));
      const prompts = ready.map(({ prompt }) => prompt);
      const answers = jobs.flatMap((job) => job.answers ?? []);
      const isReplay = answers.length > 0;
      const sampled = await sampleGroups(
        isReplay ? recordedAnswers(prompts, answers) : policy,
        prompts,
        (completionIds, prompt) => scoreOf(completionIds, exampleOf.get(prompt)!),
        options,
      );
      const groups = await orderContrast(policy, prompts, sampled, options);
      const scored = groups.map((group, i) => ({
        input: prompts[i]!.ordered,
        group,
        score: scoreGroup(group, options, ready[i]!.bonusOrder ?? undefined),
      }));
      kept.get(part)!.push(...scored.filter(({ score }) => isKept(score, config)));
      const measured = isReplay ? await withLogps(policy, prompts, groups) : groups;
      const records = scored.map(({ score }, i) =>
        groupRecord({ ...jobs[i]!, ...ready[i]!, round }, { group: measured[i]!, score }, decode),
      );
      return { records, groups, scores: scored.map(({ score }) => score) };
    },

    update: ({ batch, learningRate }) =>
      replica.step({
        parts: config.gradientAccumulationSteps,
        learningRate,
        async compute(part) {
          const scored = kept.get(part)!;
          if (scored.length === 0) return { grads: {}, share: {} };
          const { grads, metrics } = await policyGradients({
            policy,
            ...(reference && { reference }),
            scored,
            batch,
            loss: options.loss,
            valueAndGrads: (f) => valueAndGrads(f, model.parameters),
          });
          return { grads, share: metrics };
        },
        reduce: (shares: readonly Metrics[]) => ({ metrics: sumMetrics(shares) }),
      }),

    async answer({ jobs }) {
      if (jobs.length === 0) return { scores: [] };
      const inputs = jobs.map((job) => preparePrompt(job, config, options).prompt.ordered);
      const { sequences } = await validator.generate(
        inputs,
        inputs.map(() => 1),
      );
      return { scores: sequences.map((ids, i) => scoreOf(ids, jobs[i]!.example)) };
    },
  };
});
