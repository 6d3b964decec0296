import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { failed, isInstalled, missing, torchPackage } from "./backend.ts";

/** Where the members of a group find each other: a TCP store of PyTorch's c10d, or a file that all can read and write. */
export type GroupStore =
  | { kind: "tcp"; host: string; port: number /** Whether this member serves it. */; isServer: boolean }
  | { kind: "file"; path: string };

export interface ProcessGroupOptions {
  store: GroupStore;
  /** Keeps groups apart that share a store: `<run>/<restart>/<name>`. All members give the same. */
  prefix: string;
  rank: number;
  size: number;
  /** The longest wait for another member in one operation. */
  timeoutSeconds: number;
}

/**
 * Operations of PyTorch's c10d among processes. All members call the same in the same order; an operation's promise settles once
 * this member's part is done, and Node's loop lives meanwhile. Several may be under way; they run in the order of their calls.
 * An operation that fails for want of a member rejects with an error that has `code` (COLLECTIVE_TIMEOUT, MEMBER_LEFT,
 * COLLECTIVE_MISMATCH, else GROUP_FAILED), `ranks` of the members it is about, and `hint`; so does every later one.
 * Bytes go over Gloo; tensors over Gloo on the CPU, over NCCL on a GPU, as they are stored, so that no dtype is refused.
 */
export interface ProcessGroup {
  readonly rank: number;
  readonly size: number;
  /** Every member's bytes, of any length each, in order of rank. */
  gather(bytes: Uint8Array): Promise<Uint8Array[]>;
  /** Row r of `output` becomes row `rank` of member r's `input`. Both [size, n]. */
  allToAll(output: Variable, input: Tensor): Promise<void>;
  /** Row r of `output`, [size, n], becomes member r's `input`, [n]. */
  allGather(output: Variable, input: Tensor): Promise<void>;
  /**
   * Blocks this thread until at most `left` of the operations that were called are not done: for a backward pass, which cannot await.
   *
   * @returns false if the group has failed; the operations' promises say why.
   */
  waitFor?(left: number): boolean;
  /** Leaves the group: the others' operations fail at once, and name this member with this reason. */
  leave(reason: string): void;
}

/**
 * Joins a group of processes, over the torch package's addon; settles once all members are connected. No tensor backend starts.
 *
 * @throws {EngineError} BACKEND_MISSING if the torch package is not installed, BACKEND_FAILED if its addon does not load.
 */
export async function openProcessGroup(options: ProcessGroupOptions): Promise<ProcessGroup> {
  if (!isInstalled(torchPackage))
    throw missing(
      torchPackage,
      "whose addon is what ranks reach each other by, or start one process without a launcher.",
    );
  const entry: string = `${torchPackage}/process-group`;
  const torch = (await import(entry)) as { openProcessGroup: typeof openProcessGroup };
  try {
    return await torch.openProcessGroup(options);
  } catch (cause) {
    throw (cause as Error).name === "TorchError" ? failed(torchPackage, cause) : cause;
  }
}
