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
import type { Collective, SumRequest } from "./collective.ts";
import { type Gradients, handOverGradients, type TakeGradient } from "./gradients.ts";
import type { OptimizerOptions } from "./options.ts";
import { restoreRemainders } from "./saved-remainders.ts";
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
    const files = loadCheckpoint(checkpoint).optimizer;
    try {
      optimizer.restore(files);
      const sliceOf = (name: string) => ({ first: 0, count: parameters[name]!.size });
      restoreRemainders(files, remainders, { shapeOf: (name) => parameters[name]!.shape, sliceOf });
    } finally {
      for (const file of files) file.close();
    }
  }
  return replicaOf({
    parameters,
    collective,
    checked: { ...parameters, ...named(remainders) },
    sum: (request) => collective.sum(request),
    clip: async (grads, scale) => clipFactor(grads, options.maxGradNorm, scale),
    update: async (grads, learningRate, factor) => optimizer.step(grads, learningRate, factor),
    async save({ root, step, state, keepLast, best }, write) {
      const content = { step, write, optimizer: optimizer.state(), state };
      const { isWritten, ended } = await beginCheckpoint(root, content, { keepLast, best }, deferWrites);
      return { isWritten, end: () => ended };
    },
  });
}

/** What the forms of a replica differ in. */
export interface ReplicaForm {
  parameters: Readonly<Record<string, Variable>>;
  collective: Collective;
  /** What has to be equal on all members, by name. */
  checked: Readonly<Record<string, Variable>>;
  /** The sum over all parts, or this member's slices of it; disposed of by the replica. */
  sum(request: SumRequest): Promise<Gradients>;
  /** The factor of the gradients in the update, and their norm over all members. */
  clip(grads: Gradients, scale: number): Promise<{ factor: number; norm: number }>;
  update(grads: Gradients, learningRate: number, factor: number): Promise<void>;
  /** Begins a checkpoint. `end` waits until it is safe. */
  save(
    request: CheckpointRequest,
    write: CheckpointContent["write"],
  ): Promise<{ isWritten: boolean; end(): Promise<unknown> }>;
}

/** The replica of a form. */
export function replicaOf(form: ReplicaForm): Replica {
  const { parameters, collective, checked } = form;
  let safeStep: number | null = null;
  let pending: { step: number; end(): Promise<unknown> } | undefined;
  async function settle(): Promise<void> {
    const waitedFor = pending;
    pending = undefined;
    if (!waitedFor) return;
    await waitedFor.end();
    safeStep = waitedFor.step;
  }
  return {
    size: Object.values(parameters).reduce((total, { size }) => total + size, 0),
    async step<Share, Metrics extends { loss: number }>(step: ReplicaStep<Share, Metrics>) {
      const own: { part: number; share: Share }[] = [];
      const grads = await form.sum({
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
        const { factor, norm } = await form.clip(grads, scale);
        await settle(); // the checkpoint is of the weights before
        await form.update(grads, step.learningRate, factor);
        return { ...metrics, gradNorm: norm };
      } finally {
        dispose(grads);
      }
    },
    checkEqual: (when) => checkReplicas(collective, checked, when),
    async checkpoint(request, write) {
      await settle();
      const { isWritten, end } = await form.save(request, write);
      pending = { step: request.step, end };
      if (isWritten || request.wait) await settle();
      return safeStep;
    },
    settle,
  };
}

/** Remainders under names of their own, so that a check tells them from the weights. */
const named = (remainders: Readonly<Record<string, Variable>>): Record<string, Variable> =>
  Object.fromEntries(Object.entries(remainders).map(([name, remainder]) => [`${name} (remainder)`, remainder]));
