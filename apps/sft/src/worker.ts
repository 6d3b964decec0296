/** One replica: gradients of its part of a batch, and the optimizer step on everybody's. */
import { availableParallelism } from "node:os";
import type { Scalar } from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { loadForTraining, type Qwen25VL, saveModel } from "@videor1/model-qwen25vl";
import { copyProcessor, loadProcessor } from "@videor1/processor-qwen25vl";
import { writeFolder } from "@videor1/runs";
import { createReplica, serveWorker, workerEngine } from "@videor1/train";
import { summedLoss } from "./loss.ts";
import type { SftCalls, SftWorkerData } from "./protocol.ts";

serveWorker<SftWorkerData, SftCalls>(async ({ config, checkpoint }) => {
  const engine = await initEngine(workerEngine(config.engine, availableParallelism()));
  const { gradientCheckpointing, dtype } = config;
  const { model, master } = await loadForTraining(checkpoint ?? config.model, { gradientCheckpointing, dtype });
  const processor = await loadProcessor(config.model);
  const replica = createReplica(master.parameters, config.optimizer, { checkpoint, copies: model.parameters });

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

    async gradients({ part, jobs }) {
      if (jobs.length === 0) {
        replica.write(part, {});
        return { lossSum: 0, tokens: 0 };
      }
      const { tokens, loss } = summedLoss(model, processor, jobs, config);
      const { value, grads } = valueAndGrads(loss, model.parameters);
      replica.write(part, grads);
      return { lossSum: await numberOf(value), tokens };
    },

    async loss({ jobs }) {
      if (jobs.length === 0) return { lossSum: 0, tokens: 0 };
      const { tokens, loss } = summedLoss(model, processor, jobs, config);
      return { lossSum: await numberOf(loss()), tokens };
    },

    apply: ({ parts, tokens, learningRate }) => ({
      gradNorm: replica.apply({ parts, scale: 1 / tokens, learningRate }),
    }),
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

/** The value of a scalar, which is disposed. */
async function numberOf(scalar: Scalar): Promise<number> {
  try {
    return (await scalar.data())[0]!;
  } finally {
    scalar.dispose();
  }
}
