/** One replica: samples and scores its part of a step, computes the gradients of its part, applies everybody's. */
import { availableParallelism } from "node:os";
import type { Example } from "@videor1/data";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { loadForTraining, loadModel, type Qwen25VL, saveModel } from "@videor1/model-qwen25vl";
import { copyProcessor, loadProcessor } from "@videor1/processor-qwen25vl";
import { accuracyReward, formatReward } from "@videor1/rewards";
import { writeFolder } from "@videor1/runs";
import { orderContrast, policyGradients, type ScoredGroup, sampleGroups, scoreGroup } from "@videor1/tgrpo";
import { createReplica, serveWorker, workerEngine } from "@videor1/train";
import { groupRecord } from "./group-record.ts";
import { tgrpoOptions } from "./options.ts";
import { type PolicyInput, qwenPolicy } from "./policy.ts";
import { preparePrompt } from "./prompts.ts";
import type { RlCalls, RlWorkerData } from "./protocol.ts";
import { recordedAnswers } from "./recorded-answers.ts";
import { isKept } from "./sample-step.ts";
import { withLogps } from "./with-logps.ts";

serveWorker<RlWorkerData, RlCalls>(async ({ config, checkpoint }) => {
  const engine = await initEngine(workerEngine(config.engine, availableParallelism()));
  const options = tgrpoOptions(config);
  const sampling = { ...options.sampling, maxNewTokens: config.rollout.maxCompletionLength };
  const { gradientCheckpointing, dtype } = config;
  const rules = { rules: config.rewards };
  const { model, master } = await loadForTraining(checkpoint ?? config.model, { gradientCheckpointing, dtype });
  const processor = await loadProcessor(config.model);
  const policy = qwenPolicy(model, processor, sampling);
  const reference = options.loss.beta > 0 && qwenPolicy(await loadModel(config.model, { dtype }), processor, sampling);
  const replica = createReplica(master.parameters, config.optimizer, { checkpoint, copies: model.parameters });
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

  return {
    open: () => ({
      engine,
      parameters: replica.size,
      gradientBytes: replica.bytes(config.gradientAccumulationSteps),
    }),
    share({ memory }) {
      replica.share(memory);
      return {};
    },

    async rollout({ part, round, jobs }) {
      if (round === 0) kept.set(part, []);
      if (jobs.length === 0) return { records: [], groups: [], scores: [] };
      const ready = jobs.map((job) => preparePrompt(job, config, options, processor));
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

    async gradients({ part, batch }) {
      const scored = kept.get(part)!;
      if (scored.length === 0) {
        replica.write(part, {});
        return {};
      }
      const { grads, metrics } = await policyGradients({
        policy,
        ...(reference && { reference }),
        scored,
        batch,
        loss: options.loss,
        valueAndGrads: (f) => valueAndGrads(f, model.parameters),
      });
      replica.write(part, grads);
      return metrics;
    },

    async answer({ jobs }) {
      if (jobs.length === 0) return { scores: [] };
      const alone = { ...options, temporal: { kind: "none" } as const }; // validation has no other order of frames
      const inputs = jobs.map((job) => preparePrompt(job, config, alone, processor).prompt.ordered);
      const { sequences } = await validator.generate(
        inputs,
        inputs.map(() => 1),
      );
      return { scores: sequences.map((ids, i) => scoreOf(ids, jobs[i]!.example)) };
    },

    apply: ({ parts, learningRate }) => ({ gradNorm: replica.apply({ parts, scale: 1, learningRate }) }),
    async checkpoint(request) {
      await replica.checkpoint(request, (folder) => write(master, folder));
      return {};
    },
    async finish({ folder }) {
      await writeFolder(folder, (folder) => write(model, folder));
      return {};
    },
  };
});
