/** One replica: samples and scores the prompts of its parts of a step, and makes the updates with everybody. */
import { availableParallelism } from "node:os";
import { initEngine, valueAndGrads } from "@videor1/engine";
import {
  frozenSize,
  loadReference,
  loadTrained,
  type ParkedModel,
  type SaveOptions,
  saveAdapter,
  saveModel,
} from "@videor1/model-qwen25vl";
import { answerTags, assistantTurn, checkTags, copyProcessor, loadProcessor } from "@videor1/processor-qwen25vl";
import {
  isWeighed,
  isWeighted,
  type Metrics,
  type Mismatch,
  mismatchMetrics,
  policyGradients,
  type TrainedGroup,
  tokenLogps,
  withOldLogps,
  withReferenceLogps,
} from "@videor1/tgrpo";
import { memberCollective, serveWorker, trainingWorker, workerEngine } from "@videor1/train";
import { HalfMadeStepError } from "./half-made-step-error.ts";
import { heldPrompts } from "./held-prompts.ts";
import { tgrpoOptions } from "./options.ts";
import { type PolicyInput, qwenPolicy, qwenSampler } from "./policy.ts";
import { preparePrompt } from "./prompts.ts";
import type { RlCalls, RlWorkerData, SampledPrompt } from "./protocol.ts";
import { recordedSampler } from "./replay/recorded-sampler.ts";
import { openRewardFunctions } from "./rewards/open-reward-functions.ts";
import { loadRuleScorer } from "./rewards/rule-scorer.ts";
import { sampleParts } from "./sample-parts.ts";
import { createScorer } from "./scorer.ts";
import { checkMismatch } from "./served/check-mismatch.ts";
import { checkServedIds } from "./served/check-served-ids.ts";
import type { LogpsOf } from "./served/compare-server.ts";
import { policyPusher } from "./served/policy-pusher.ts";
import type { RolloutServer } from "./served/rollout-server.ts";
import { serverAccess } from "./served/server-access.ts";
import { serverChecks } from "./served/server-checks.ts";
import { splitAnswered } from "./served/split-answered.ts";
import { sumByName } from "./sum-by-name.ts";

serveWorker<RlWorkerData, RlCalls>(async ({ config, checkpoint, recorded }, member) => {
  const engine = await initEngine(workerEngine(config.engine, availableParallelism(), member));
  const options = tgrpoOptions(config);
  const { gradientCheckpointing, dtype } = config;
  const processor = await loadProcessor(config.model);
  const { tokenizer } = processor;
  checkTags(processor, config.model, answerTags);
  const { opened, endTokenId } = assistantTurn(processor);
  const turnEnd = { templateId: endTokenId, tokenizerId: tokenizer.eosTokenId };
  const load = { gradientCheckpointing, dtype, turnEnd };
  const { model, remainders } = await loadTrained(config, checkpoint, load);
  const { temperature } = options.rollout;
  const policy = qwenPolicy(model, processor, { temperature });
  const recordedPolicy = qwenPolicy(model, processor); // rollouts.jsonl has the model's own log-probabilities
  const isReferenceServed = !recorded && config.rollout.server?.referenceLogps === true; // a record has none of it
  const reference =
    options.loss.beta > 0 && !isReferenceServed ? await loadReference(config, model, { dtype }) : undefined;
  const needsOldLogps = options.loss.iterations > 1 && (temperature !== 1 || isWeighted(options.loss));
  const rules = await loadRuleScorer(config.rewards);
  const functions = await openRewardFunctions(config.rewards.functions);
  // what the prompt opened belongs to what is rewarded
  const decode = (ids: Int32Array): string => opened + tokenizer.decode([...ids], { skipSpecialTokens: true });
  const validationOptions = { ...options, tgrpo: { ...options.tgrpo, temporal: { kind: "none" as const } } };
  const held = heldPrompts();

  /** The reference is on the device only here, before there are gradients. */
  const addReferenceLogps = async (reference: ParkedModel, parts: TrainedGroup<PolicyInput>[][]) => {
    if (parts.flat().length === 0) return;
    const model = reference.bring();
    try {
      const frozen = qwenPolicy(model, processor, { temperature });
      for (const [part, groups] of parts.entries())
        if (groups.length > 0) parts[part] = await withReferenceLogps(frozen, groups);
    } finally {
      model.dispose();
    }
  };

  const write = async (folder: string, options?: SaveOptions) => {
    if (model.adapted) return await saveAdapter(model.adapted.adapter, folder, config.model, options);
    await saveModel(model, folder, options);
    await copyProcessor(config.model, folder);
  };
  const { server } = config.rollout;
  const endTokenIds = model.generationConfig.eosTokenIds;
  const pusher = server && openPusher(server);
  function openPusher(server: RolloutServer) {
    const { apiKey, controls, looks } = serverAccess(server, process.env);
    const logpsOf: LogpsOf = async (row, completionIds, temperature) => {
      const policy = qwenPolicy(model, processor, { temperature });
      const completions = [{ completionIds: Int32Array.from(completionIds) }];
      return (await tokenLogps(policy, [{ input: { row, seeds: [] }, completions }]))[0]![0]!;
    };
    const checks = serverChecks({ config, processor, logpsOf, apiKey });
    return policyPusher({ config, controls, looks, checks, write, endTokenIds });
  }
  const collective = await memberCollective(member, config.engine);
  const { replica, handlers } = trainingWorker({
    engine,
    collective,
    parameters: model.trainable,
    remainders,
    frozen: frozenSize(model),
    optimizer: config.optimizer,
    checkpoint,
    sharding: config.engine,
    writeCheckpoint: write,
    writeModel: (folder) => write(folder),
  });

  return {
    ...handlers,

    push: ({ version, probe, waitSeconds }) => pusher!.push(version, probe, waitSeconds),

    async retire() {
      await pusher!.close();
      return {};
    },

    async rollout({ step, parts, served }) {
      const { answered, record = recorded, ...rest } = splitAnswered(parts, served);
      const prompts = answered.map((jobs) => jobs.map((job) => preparePrompt(job, config, options, processor)));
      if (served) checkServedIds(prompts.flat(), served, model.config.text.vocabSize);
      const { maxRows } = config.rollout;
      const sampler = record
        ? recordedSampler(record, endTokenIds)
        : qwenSampler(model, processor, { ...options.rollout, maxRows, policyVersion: step });
      const scorer = createScorer({ decode, rules, functions, step: step + 1 });
      const made = await sampleParts(prompts, { sampler, scorer, policy, options });
      const sampled = made.map(({ prompt, group }): SampledPrompt => {
        if (isWeighed(group)) held.add(prompt, group);
        const { id, framesHash, frameIndices, frameSeconds, clipFrames, permutation, bonusOrder } = prompt;
        return { id, group, framesHash, frameIndices, frameSeconds, clipFrames, permutation, bonusOrder };
      });
      return { sampled, ...rest };
    },

    async update({ parts, batch, learningRate, advantages, mostMismatch }) {
      try {
        const trained = parts.map((ids, part) =>
          part % collective.size === collective.rank ? held.groups(ids, advantages) : [],
        );
        if (reference) await addReferenceLogps(reference, trained);
        for (const [part, groups] of trained.entries())
          if (needsOldLogps && groups.length > 0) trained[part] = await withOldLogps(policy, groups);
        let mismatch: Metrics | undefined; // before the first update
        const update = () =>
          replica.step({
            parts: parts.length,
            learningRate,
            async compute(part, take) {
              const groups = trained[part]!;
              if (groups.length === 0) return { share: { metrics: {} } };
              const share = await policyGradients({
                policy,
                groups,
                batch,
                options,
                valueAndGrads: (f) => valueAndGrads(f, model.trainable, take),
              });
              return { share: { metrics: share.metrics, mismatch: share.mismatch } };
            },
            reduce(shares: readonly { metrics: Metrics; mismatch?: Mismatch | undefined }[]) {
              if (!mismatch) {
                const measured = shares.flatMap((share) => share.mismatch ?? []);
                checkMismatch(measured, mostMismatch);
                mismatch = mismatchMetrics(measured);
              }
              return { metrics: { ...sumByName(shares.map(({ metrics }) => metrics)), ...mismatch } };
            },
          });
        const { iterations } = options.loss;
        let metrics = await update();
        for (let made = 1; made < iterations; made++)
          metrics = await update().catch((error: Error) => {
            throw new HalfMadeStepError(made, iterations, error);
          });
        return metrics;
      } finally {
        held.clear();
      }
    },

    discard() {
      held.clear();
      return {};
    },

    async answer({ jobs }) {
      const prompts = jobs.map((job) => preparePrompt(job, config, validationOptions, processor));
      if (prompts.length === 0) return { answers: [] };
      const doSample = config.validation?.doSample ?? false;
      const sampler = qwenSampler(model, processor, { ...options.rollout, doSample, policyVersion: 0 });
      const requests = prompts.map(({ id, ordered }) => ({
        promptId: id,
        order: "ordered" as const,
        input: ordered,
        count: 1,
      }));
      const samples = await sampler.generate(requests);
      const answers = prompts.map(({ example }, i) => {
        const { completionIds } = samples[i]!.completions[0]!;
        const text = decode(completionIds);
        return {
          problemId: example.problemId,
          text,
          tokens: completionIds.length,
          rewards: { ...rules(text, example) },
        };
      });
      return { answers };
    },

    async logps({ ids }) {
      const prompts = ids.map((id) => held.get(id));
      const ordered = await tokenLogps(
        recordedPolicy,
        prompts.map(({ prompt, group }) => ({ input: prompt.ordered, completions: group.ordered })),
      );
      const shuffled = await tokenLogps(
        recordedPolicy,
        prompts.flatMap(({ prompt, group }) =>
          prompt.kind === "video" && prompt.permuted && group.kind === "video" && group.shuffled.length > 0
            ? [{ input: prompt.permuted, completions: group.shuffled }]
            : [],
        ),
      );
      let next = 0;
      const logps = prompts.map(({ group }, i) => ({
        ordered: ordered[i]!,
        shuffled: group.kind === "video" && group.shuffled.length > 0 ? shuffled[next++]! : [],
      }));
      return { logps };
    },
  };
});
