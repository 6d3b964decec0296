import { dispose, type Variable } from "@tensorflow/tfjs-core";
import { deferWrites } from "@videor1/engine";
import {
  beginCheckpoint,
  type CheckpointContent,
  type CheckpointRequest,
  loadCheckpoint,
  NonFiniteLossError,
} from "@videor1/runs";
import { adamw } from "./adamw.ts";
import { checkReplicas } from "./check-replicas.ts";
import { clipFactor } from "./clip.ts";
import type { Collective } from "./collective.ts";
import { type Gradients, handOverGradients, type TakeGradient } from "./gradients.ts";
import type { OptimizerOptions } from "./options.ts";
import { soloCollective } from "./solo-collective.ts";

/** One optimizer step; every member makes it with the same `parts` and `learningRate`. */
export interface ReplicaStep<Share, Metrics extends { loss: number }> {
  /** Parts that the batch is computed in: member `part % size` computes part `part`. */
  parts: number;
  learningRate: number;
  /**
   * Computes the gradients of one part and its share of the metrics, plain data. Each gradient is given to `take` as soon as it is
   * complete, as `valueAndGrads` does, or is one of `grads`, which all have to be there at once.
   */
  compute(part: number, take: TakeGradient): Promise<{ grads?: Gradients; share: Share }>;
  /**
   * Sums up the shares of all parts, in order of part.
   *
   * @returns `scale`: the summed gradients are multiplied by it; default 1.
   */
  reduce(shares: readonly Share[]): { metrics: Metrics; scale?: number };
}

/**
 * A member's copy of the parameters with their optimizer. All replicas start equal and apply the same summed gradients, so
 * they stay equal bit for bit, whichever member computed a part.
 */
export interface Replica {
  /** Elements of all parameters. */
  size: number;
  /**
   * One AdamW step with scale * the sum of the parts' gradients, clipped by their global norm.
   *
   * @returns The metrics of `reduce`, and the norm before clipping; the same on every member.
   * @throws {NonFiniteLossError} @throws {NonFiniteGradientError} On every member; nothing is changed then.
   */
  step<Share, Metrics extends { loss: number }>(
    step: ReplicaStep<Share, Metrics>,
  ): Promise<Metrics & { gradNorm: number }>;
  /** @throws {ReplicasDifferError} On every member, if their parameters are not equal. */
  checkEqual(when: string): Promise<void>;
  /**
   * Saves a checkpoint of the run: the files of `write`, and the optimizer. One member saves for all. On torch tensors are written
   * beside what follows; the next update waits for them, and so do the next checkpoint and `settle`.
   *
   * @returns Step of the newest checkpoint that is safe: this one's where nothing is left to write, or the request says to wait.
   */
  checkpoint(request: CheckpointRequest, write: CheckpointContent["write"]): Promise<number | null>;
  /** Ends once the newest checkpoint is safe. @throws What `saveCheckpoint` throws. */
  settle(): Promise<void>;
}

export interface ReplicaOptions {
  /** The members of the run; default: this one alone. */
  collective?: Collective;
  /** Checkpoint whose optimizer state is restored. */
  checkpoint?: string | undefined;
  /**
   * Of parameters in bfloat16, by name: the 16 bits that they lack of float32, see `splitFloat32`. With them each is updated as
   * a float32 master weight, which keeps updates too small for bfloat16.
   */
  remainders?: Readonly<Record<string, Variable>> | undefined;
}

/** @param parameters - Updated in place, at the same address: float32, or bfloat16 with remainders. */
export function createReplica(
  parameters: Readonly<Record<string, Variable>>,
  options: OptimizerOptions,
  { collective = soloCollective(), checkpoint, remainders = {} }: ReplicaOptions = {},
): Replica {
  const optimizer = adamw(parameters, options, remainders);
  if (checkpoint !== undefined) {
    const saved = loadCheckpoint(checkpoint);
    optimizer.restore(saved.optimizer);
    saved.optimizer.close();
  }
  let safeStep: number | null = null;
  let pending: Promise<void> | undefined;
  async function settle(): Promise<void> {
    const waitedFor = pending;
    pending = undefined;
    await waitedFor;
  }
  return {
    size: Object.values(parameters).reduce((total, { size }) => total + size, 0),
    async step<Share, Metrics extends { loss: number }>(step: ReplicaStep<Share, Metrics>) {
      const own: { part: number; share: Share }[] = [];
      const grads = await collective.sum({
        like: parameters,
        count: step.parts,
        async addend(part, take) {
          const { grads = {}, share } = await step.compute(part, take);
          own.push({ part, share });
          handOverGradients(grads, take);
        },
      });
      try {
        const shares = (await collective.gather(own)).flat().sort((a, b) => a.part - b.part);
        const { metrics, scale = 1 } = step.reduce(shares.map(({ share }) => share));
        if (!Number.isFinite(metrics.loss)) throw new NonFiniteLossError(metrics.loss);
        const { factor, norm } = clipFactor(grads, options.maxGradNorm, scale);
        await settle(); // the checkpoint is of the weights before
        optimizer.step(grads, step.learningRate, factor);
        return { ...metrics, gradNorm: norm };
      } finally {
        dispose(grads);
      }
    },
    checkEqual: (when) => checkReplicas(collective, { ...parameters, ...named(remainders) }, when),
    async checkpoint({ root, step, state, keepLast, best, wait }, write) {
      await settle();
      const content = { step, write, optimizer: optimizer.state(), state };
      const { isWritten, ended } = await beginCheckpoint(root, content, { keepLast, best }, deferWrites);
      pending = ended.then(() => {
        safeStep = step;
      });
      pending.catch(() => {}); // told when it is settled
      if (isWritten || wait) await settle();
      return safeStep;
    },
    settle,
  };
}

/** Remainders under names of their own, so that a check tells them from the weights. */
const named = (remainders: Readonly<Record<string, Variable>>): Record<string, Variable> =>
  Object.fromEntries(Object.entries(remainders).map(([name, remainder]) => [`${name} (remainder)`, remainder]));
