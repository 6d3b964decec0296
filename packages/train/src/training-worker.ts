import type { Variable } from "@tensorflow/tfjs-core";
import { type CheckpointContent, type CheckpointRequest, type EngineRecord, writeFolder } from "@videor1/runs";
import type { WriteTensors } from "@videor1/safetensors";
import type { Collective } from "./collective.ts";
import { EngineOptions, type OptimizerOptions } from "./options.ts";
import { createReplica, type Replica } from "./replica.ts";
import type { Handlers } from "./serve-worker.ts";
import { shardedReplica } from "./sharded/sharded-replica.ts";

/** The calls that the workers of every training app answer; each app adds its own update. */
export interface TrainingCalls {
  /** Answered once every worker has its replica, and all replicas are equal; how many elements are trained, and how many are not. */
  open: { request: object; reply: { engine: EngineRecord; parameters: number; frozen: number } };
  /**
   * Asked of all workers: the replicas must be equal, then rank 0 saves its own, or every rank its part; it tells the newest checkpoint
   * that is safe.
   */
  checkpoint: { request: CheckpointRequest; reply: { safeStep: number | null } };
  /** Answered once the checkpoint that is being written is safe; asked of all workers. */
  settle: { request: object; reply: object };
  /** Writes the trained model; asked of one worker. */
  finish: { request: { folder: string }; reply: object };
}

export interface TrainingWorkerOptions {
  engine: EngineRecord;
  collective: Collective;
  /** Updated in place: float32, or bfloat16 with remainders. */
  parameters: Readonly<Record<string, Variable>>;
  /** See `ReplicaOptions`. */
  remainders?: Readonly<Record<string, Variable>> | undefined;
  optimizer: OptimizerOptions;
  /** Elements of the model's weights that are not trained; default 0. */
  frozen?: number;
  /** Checkpoint to resume from, whose weights the parameters already hold. */
  checkpoint: string | undefined;
  /** How several processes cut the optimizer's state; default `EngineOptions`'. */
  sharding?: Pick<EngineOptions, "zeroStage" | "bucketMegabytes">;
  /**
   * Writes the files that training resumes from: the parameters, with these remainders in float32, without as they compute; and the
   * other files of the model.
   */
  writeCheckpoint(
    folder: string,
    options: { writeTensors: WriteTensors; remainders: Readonly<Record<string, Variable>> },
  ): Promise<void>;
  /** Writes the trained model, in the dtype that it computes in. */
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
  const { engine, collective, parameters, frozen = 0, remainders = {}, checkpoint, writeModel } = options;
  const { sharding = EngineOptions.parse({}) } = options;
  const { group } = collective;
  const common = { collective, checkpoint, remainders };
  const isSharded = group !== undefined && sharding.zeroStage > 0;
  const replica = isSharded
    ? shardedReplica(parameters, options.optimizer, { ...common, ...sharding, group })
    : createReplica(parameters, options.optimizer, common);
  const written = isSharded ? {} : remainders; // a rank has slices of them, in its part of the checkpoint
  const write: CheckpointContent["write"] = (folder, writeTensors) =>
    options.writeCheckpoint(folder, { writeTensors, remainders: written });
  return {
    replica,
    handlers: {
      async open() {
        await replica.checkEqual("At the start");
        return { engine, parameters: replica.size, frozen };
      },
      async checkpoint(request) {
        await replica.checkEqual(`After step ${request.step}`);
        const saves = isSharded || collective.rank === 0;
        return { safeStep: saves ? await replica.checkpoint(request, write) : null };
      },
      async settle() {
        await replica.settle();
        return {};
      },
      async finish({ folder }) {
        await replica.settle();
        await writeFolder(folder, writeModel);
        return {};
      },
    },
  };
}
