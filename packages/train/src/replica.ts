import { dispose, tidy, type Variable } from "@tensorflow/tfjs-core";
import { toBfloat16 } from "@videor1/engine";
import type { CheckpointRequest } from "@videor1/runs";
import { loadCheckpoint, saveCheckpoint } from "@videor1/runs";
import { adamw } from "./adamw.ts";
import { clipFactor } from "./clip.ts";
import { gradientLayout, shardBytes } from "./data-parallel.ts";
import { type GradientSum, localGradientSum, sharedGradientSum } from "./gradient-sum.ts";
import type { Gradients } from "./gradients.ts";
import type { OptimizerOptions } from "./options.ts";

/**
 * A worker's copy of the parameters with their optimizer. All replicas start equal and apply the same summed gradients, so
 * they stay equal bit for bit; which worker computed which part does not matter.
 */
export interface Replica {
  /** Elements of all parameters. */
  size: number;
  /** Bytes of the memory that `share` takes for this many parts. */
  bytes(parts: number): number;
  /** Before the first step of several replicas. One alone keeps its gradients in the backend's memory, to the same bytes. */
  share(memory: SharedArrayBuffer): void;
  /** Takes over the gradients of one part, for every replica; part 0 begins a step. */
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
  let sum: GradientSum = localGradientSum();
  return {
    size: layout.offsets.at(-1)!,
    bytes: (parts) => shardBytes(layout, parts),
    share(memory) {
      sum = sharedGradientSum(layout, memory);
    },
    write: (part, grads) => sum.write(part, grads),
    apply({ parts, scale, learningRate }) {
      const grads = sum.take(parts);
      try {
        const { factor, norm } = clipFactor(grads, options.maxGradNorm, scale);
        optimizer.step(grads, learningRate, factor);
        for (const name of Object.keys(grads)) round(parameters[name]!, copies[name]!);
        return norm;
      } finally {
        dispose(grads);
      }
    },
    async checkpoint({ root, step, state, keepLast, best }, write) {
      await saveCheckpoint(root, { step, write, optimizer: optimizer.state(), state }, { keepLast, best });
    },
  };
}

function round(parameter: Variable, copy: Variable): void {
  if (copy !== parameter) tidy(() => copy.assign(toBfloat16(parameter)));
}
