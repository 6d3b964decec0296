import type { Variable } from "@tensorflow/tfjs-core";
import { type CheckpointRequest, type EngineRecord, writeFolder } from "@videor1/runs";
import type { Collective } from "./collective.ts";
import type { OptimizerOptions } from "./options.ts";
import { createReplica, type Replica } from "./replica.ts";
import type { Handlers } from "./serve-worker.ts";

/** What every training app asks of its workers, besides an update of its own. */
export interface TrainingCalls {
  /** Answered once every worker has its replica, and all replicas are equal. */
  open: { request: object; reply: { engine: EngineRecord; parameters: number } };
  /** Asked of all workers: the replicas must be equal, then rank 0 saves its own. */
  checkpoint: { request: CheckpointRequest; reply: object };
  /** Writes the trained model; asked of one worker. */
  finish: { request: { folder: string }; reply: object };
}

export interface TrainingWorkerOptions {
  engine: EngineRecord;
  collective: Collective;
  /** Float32, updated in place. */
  parameters: Readonly<Record<string, Variable>>;
  /** What computes, if not the parameters: their copies in bfloat16. */
  copies: Readonly<Record<string, Variable>>;
  optimizer: OptimizerOptions;
  /** Folder to continue from, whose weights `parameters` already hold. */
  checkpoint: string | undefined;
  /** Writes what training continues from: the parameters, and the files that belong to the model. */
  writeCheckpoint(folder: string): Promise<void>;
  /** Writes the trained model, as it computes. */
  writeModel(folder: string): Promise<void>;
}

/**
 * A worker's replica and the handlers of `TrainingCalls`, which an app spreads into its own.
 *
 * @example
 * const { replica, handlers } = trainingWorker({ engine, collective, parameters, … });
 * return { ...handlers, update: ({ jobs }) => replica.step({ … }) };
 */
export function trainingWorker(options: TrainingWorkerOptions): {
  replica: Replica;
  handlers: Handlers<TrainingCalls>;
} {
  const { engine, collective, parameters, copies, checkpoint, writeCheckpoint, writeModel } = options;
  const replica = createReplica(parameters, options.optimizer, { collective, checkpoint, copies });
  return {
    replica,
    handlers: {
      async open() {
        await replica.checkEqual("At the start");
        return { engine, parameters: replica.size };
      },
      async checkpoint(request) {
        await replica.checkEqual(`After step ${request.step}`);
        if (collective.rank === 0) await replica.checkpoint(request, writeCheckpoint);
        return {};
      },
      async finish({ folder }) {
        await writeFolder(folder, writeModel);
        return {};
      },
    },
  };
}
