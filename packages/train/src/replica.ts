import { join } from "node:path";
import { dispose, mul, type Variable } from "@tensorflow/tfjs-core";
import { openSafetensors, writeSafetensors } from "@videor1/engine";
import { adamw } from "./adamw.ts";
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

const optimizerFile = "optimizer.safetensors";

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
  /** Writes the optimizer state into an existing folder. */
  saveOptimizer(folder: string): void;
}

/** @param checkpoint - Folder whose optimizer state to continue with. */
export function createReplica(
  parameters: Readonly<Record<string, Variable>>,
  options: OptimizerOptions,
  checkpoint?: string,
): Replica {
  const layout = gradientLayout(parameters);
  const optimizer = adamw(parameters, options);
  if (checkpoint !== undefined) {
    const file = openSafetensors(join(checkpoint, optimizerFile));
    optimizer.restore(file);
    file.close();
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
      );
      const mean = unpackGradients(layout, total);
      const grads: Gradients = {};
      for (const [name, gradient] of Object.entries(mean)) grads[name] = mul(gradient, scale * parts);
      dispose(mean);
      const clipped = clipByGlobalNorm(grads, options.maxGradNorm);
      optimizer.step(clipped.grads, learningRate);
      dispose(clipped.grads);
      return clipped.norm;
    },
    saveOptimizer(folder) {
      writeSafetensors(join(folder, optimizerFile), optimizer.state());
    },
  };
}
