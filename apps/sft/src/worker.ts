/** A member of an SFT run: its replica, the gradients of its parts of a batch, the loss of held-back records. */
import { availableParallelism } from "node:os";
import type { Scalar } from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { frozenSize, loadTrained, type SaveOptions, saveAdapter, saveModel } from "@videor1/model-qwen25vl";
import { assistantTurn, copyProcessor, loadProcessor } from "@videor1/processor-qwen25vl";
import { memberCollective, serveWorker, type TakeGradient, trainingWorker, workerEngine } from "@videor1/train";
import { lossPerToken, summedLoss } from "./loss.ts";
import type { Job, SftCalls, SftWorkerData } from "./protocol.ts";

serveWorker<SftWorkerData, SftCalls>(async ({ config, checkpoint }, member) => {
  const engine = await initEngine(workerEngine(config.engine, availableParallelism(), member));
  const { gradientCheckpointing, dtype } = config;
  const processor = await loadProcessor(config.model);
  const turnEnd = { templateId: assistantTurn(processor).endTokenId, tokenizerId: processor.tokenizer.eosTokenId };
  const load = { gradientCheckpointing, dtype, turnEnd };
  const { model, remainders } = await loadTrained(config, checkpoint, load);

  const write = async (folder: string, options?: SaveOptions) => {
    if (model.adapted) return await saveAdapter(model.adapted.adapter, folder, config.model, options);
    await saveModel(model, folder, options);
    await copyProcessor(config.model, folder);
  };
  const { replica, handlers } = trainingWorker({
    engine,
    collective: await memberCollective(member, config.engine),
    parameters: model.trainable,
    remainders,
    frozen: frozenSize(model),
    optimizer: config.optimizer,
    checkpoint,
    sharding: config.engine,
    writeCheckpoint: write,
    writeModel: (folder) => write(folder),
  });

  async function gradientsOf(jobs: readonly Job[], take: TakeGradient) {
    if (jobs.length === 0) return { share: { lossSum: 0, tokens: 0 } };
    const { tokens, loss } = summedLoss(model, processor, jobs, config);
    const { value } = valueAndGrads(loss, model.trainable, take);
    return { share: { lossSum: await numberOf(value), tokens } };
  }

  return {
    ...handlers,

    update: ({ parts, learningRate }) =>
      replica.step({
        parts: parts.length,
        learningRate,
        compute: (part, take) => gradientsOf(parts[part]!, take),
        reduce: (shares) => {
          const metrics = lossPerToken(shares);
          return { metrics, scale: 1 / metrics.tokens };
        },
      }),

    async loss({ jobs }) {
      if (jobs.length === 0) return { lossSum: 0, tokens: 0 };
      const { tokens, loss } = summedLoss(model, processor, jobs, config);
      return { lossSum: await numberOf(loss()), tokens };
    },
  };
});

/** The value of a scalar, which is disposed. */
async function numberOf(scalar: Scalar): Promise<number> {
  try {
    return (await scalar.data())[0]!;
  } finally {
    scalar.dispose();
  }
}
