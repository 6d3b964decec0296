import type { Tensor } from "@tensorflow/tfjs-core";
import type { ProcessGroup } from "@videor1/engine";
import type { Gradients, TakeGradient } from "./gradients.ts";

/** A sum over the parts of a batch; every member passes the same request. */
export interface SumRequest {
  /** Names and shapes of the gradients that an addend may hold: the parameters. An addend may lack some. */
  like: Readonly<Record<string, { shape: readonly number[] }>>;
  /** Number of addends: parts of the batch. */
  count: number;
  /**
   * Computes addend `index` and gives each of its gradients to `take`, once, at any time before it ends. It is called on member
   * `index % size`, one index after the other, in ascending order. It must not call the collective.
   */
  addend(index: number, take: TakeGradient): Promise<void>;
}

/**
 * Operations among the members of a run, each of which has a replica of the model. All members call the same operations in
 * the same order, one at a time; each call ends once every member has made it. `@videor1/train/test` holds the tests that an
 * implementation passes.
 *
 * @example
 * const addend = async (part, take) => void valueAndGrads(() => loss(batch[part]), parameters, take);
 * const grads = await collective.sum({ like: parameters, count: 4, addend });
 * const losses = await collective.gather(ownLoss); // [loss of rank 0, loss of rank 1, …]
 */
export interface Collective {
  /** Number of this member, from 0. */
  readonly rank: number;
  /** Number of members. */
  readonly size: number;
  /** Where the members are processes: what they move tensors with. */
  readonly group?: ProcessGroup | undefined;
  /**
   * Every member gets the bytes of member `root`.
   *
   * @param bytes - Read on the root only.
   */
  broadcast(bytes: Uint8Array | undefined, root: number): Promise<Uint8Array>;
  /**
   * Every member gets every member's value, in order of rank.
   *
   * @param value - Plain data as in JSON; NaN and infinite numbers are kept.
   */
  gather<T>(value: T): Promise<T[]>;
  /**
   * Every member gets addend 0 + addend 1 + … in float32 and in this order, so the same bytes on any number of members. A
   * gradient that an addend lacks is left out of its sum; one that all lack is absent. The caller disposes of the result.
   *
   * @throws What an addend throws, on every member, with its name, message and code; the collective stays usable then.
   */
  sum(request: SumRequest): Promise<Gradients>;
  /** Waits until every member has arrived. */
  barrier(): Promise<void>;
}

/** GROUP_FAILED: the network between processes failed, and all are alive. */
export type CollectiveErrorCode = "COLLECTIVE_TIMEOUT" | "MEMBER_LEFT" | "COLLECTIVE_MISMATCH" | "GROUP_FAILED";

/** An operation that not all members took part in. Every later call throws it too. */
export class CollectiveError extends Error {
  override readonly name = "CollectiveError";
  readonly code: CollectiveErrorCode;
  /** Ranks that did not take part. */
  readonly ranks: readonly number[];
  readonly hint: string;

  constructor(code: CollectiveErrorCode, { message, ranks, hint }: { message: string; ranks: number[]; hint: string }) {
    super(message);
    this.code = code;
    this.ranks = ranks;
    this.hint = hint;
  }
}

/** @throws {RangeError} If `like` does not name the gradient of an addend, or it has another size. */
export function checkGradient(name: string, gradient: Tensor, like: SumRequest["like"]): void {
  const shape = like[name]?.shape;
  if (!shape) throw new RangeError(`sum: an addend holds "${name}", which is none of the parameters`);
  if (String(gradient.shape) !== String(shape))
    throw new RangeError(`sum: "${name}" is [${gradient.shape}] in an addend, the parameter is [${shape}]`);
}

export const givenTwice = (name: string) => new RangeError(`sum: an addend gives "${name}" twice`);

export const mismatch = (rank: number, operation: string, other: number, found: string) =>
  new CollectiveError("COLLECTIVE_MISMATCH", {
    message: `Rank ${other} calls ${found} where rank ${rank} calls ${operation}`,
    ranks: [other],
    hint: "Every member must call the same operations in the same order: its model or its config is another.",
  });

/** @throws {RangeError} If `root` is no member's rank, or is this member's and there are no bytes. */
export function checkBroadcast({ rank, size }: { rank: number; size: number }, bytes: unknown, root: number): void {
  if (!Number.isInteger(root) || root < 0 || root >= size)
    throw new RangeError(`broadcast: root=${root} must be a rank of the ${size} members`);
  if (rank === root && bytes === undefined)
    throw new RangeError(`broadcast: rank ${rank} is the root and has no bytes`);
}
