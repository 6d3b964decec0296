import { dispose, tidy, type Variable } from "@tensorflow/tfjs-core";
import { toBfloat16 } from "@videor1/engine";
import { adamw } from "./adamw.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { clipByGlobalNorm } from "./clip.ts";
import {
  averageShards,
  gradientLayout,
  gradientShard,
  packGradients,
  shardBytes,
  unpackGradients,
} from "./data-parallel.ts";
import type { Gradients } from "./gradients.ts";
import type { OptimizerOptions } from "./options.ts";
import type { CheckpointRequest } from "./run-interface.ts";

/**
 * A worker's copy of the parameters with their optimizer. All replicas start equal and apply the same summed gradients, so
 * they stay equal bit for bit; which worker computed which part does not matter.
 */
export interface Replica {
  /** Elements of all parameters. */
  size: number;
  /** Bytes of the memory that `share` takes for this many parts. */
  bytes(parts: number): number;
  share(memory: SharedArrayBuffer): void;
  /** Puts the gradients of one part where every replica reads them; they are disposed of. */
  write(part: number, grads: Gradients): void;
  /**
   * One AdamW step with scale * sum of the parts' gradients, clipped by their global norm.
   *
   * @returns The norm before clipping.
   * @throws {NonFiniteGradientError} Nothing is changed then.
   */
  apply(step: { parts: number; scale: number; learningRate: number }): number;
  /** Saves a checkpoint of the run: what `write` writes, and the optimizer. */
  checkpoint(request: CheckpointRequest, write: (folder: string) => Promise<void>): Promise<void>;
}

export interface ReplicaOptions {
  /** Folder whose optimizer state to continue with. */
  checkpoint?: string | undefined;
  /**
   * What computes: the parameters themselves, by default, or their copies in bfloat16, into which every update is rounded.
   * The parameters are then the master weights, to which updates too small for bfloat16 add up.
   */
  copies?: Readonly<Record<string, Variable>>;
}

/** @param parameters - Float32, updated in place. */
export function createReplica(
  parameters: Readonly<Record<string, Variable>>,
  options: OptimizerOptions,
  { checkpoint, copies = parameters }: ReplicaOptions = {},
): Replica {
  const layout = gradientLayout(parameters);
  const optimizer = adamw(parameters, options);
  if (checkpoint !== undefined) {
    const saved = loadCheckpoint(checkpoint);
    optimizer.restore(saved.optimizer);
    saved.optimizer.close();
  }
  const total = gradientShard(layout, new SharedArrayBuffer(shardBytes(layout, 1)), 0);
  let memory: SharedArrayBuffer | undefined;
  const shard = (part: number) => {
    if (!memory) throw new Error("Replica: share the gradient memory first");
    return gradientShard(layout, memory, part);
  };
  return {
    size: layout.offsets.at(-1)!,
    bytes: (parts) => shardBytes(layout, parts),
    share(shared) {
      memory = shared;
    },
    write(part, grads) {
      packGradients(layout, grads, shard(part));
      dispose(grads);
    },
    apply({ parts, scale, learningRate }) {
      averageShards(
        Array.from({ length: parts }, (_, part) => shard(part)),
        total,
        scale,
      );
      const clipped = clipByGlobalNorm(unpackGradients(layout, total), options.maxGradNorm);
      optimizer.step(clipped.grads, learningRate);
      for (const name of Object.keys(clipped.grads)) round(parameters[name]!, copies[name]!);
      dispose(clipped.grads);
      return clipped.norm;
    },
    async checkpoint({ root, step, state, keepLast, best }, write) {
      await saveCheckpoint(root, { step, write, optimizer: optimizer.state(), state }, { keepLast, best });
    },
  };
}

function round(parameter: Variable, copy: Variable): void {
  if (copy !== parameter) tidy(() => copy.assign(toBfloat16(parameter)));
}
