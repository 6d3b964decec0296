// PyTorch's c10d for Node. This entry loads the addon, and no tensor backend: a thread without one can gather bytes.
import { engine, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { type Addon, loadAddon } from "./addon.ts";
import type { TorchBackend } from "./backend.ts";

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

/** Operations of c10d among processes; the type of the same name in @videor1/engine says what they do. */
export interface ProcessGroup {
  readonly rank: number;
  readonly size: number;
  gather(bytes: Uint8Array): Promise<Uint8Array[]>;
  allToAll(output: Variable, input: Tensor): Promise<void>;
  allGather(output: Variable, input: Tensor): Promise<void>;
  waitFor(left: number): boolean;
  leave(reason: string): void;
}

export type ProcessGroupErrorCode = "COLLECTIVE_TIMEOUT" | "MEMBER_LEFT" | "COLLECTIVE_MISMATCH" | "GROUP_FAILED";

/** An operation that not all members took part in. The group is of no use then: every later call rejects with it. */
export class ProcessGroupError extends Error {
  override readonly name = "ProcessGroupError";
  readonly code: ProcessGroupErrorCode;
  /** Ranks that did not take part. */
  readonly ranks: readonly number[];
  readonly hint: string;

  constructor(code: ProcessGroupErrorCode, message: string, ranks: readonly number[], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.ranks = ranks;
    this.hint = hints[code];
  }
}

const hints: Record<ProcessGroupErrorCode, string> = {
  COLLECTIVE_TIMEOUT: "See these ranks' own output; a longer time-out helps where they compute for longer.",
  MEMBER_LEFT: "See these ranks' own output for why they ended.",
  COLLECTIVE_MISMATCH: "All ranks have to run the same program on the same config and records.",
  GROUP_FAILED:
    "See that all ranks reach each other's address (GLOO_SOCKET_IFNAME names the network interface), and that the port is free.",
};

/**
 * Joins the group; settles once all members are connected.
 *
 * @throws {TorchError} ADDON_MISSING or ADDON_MISMATCH.
 * @throws {ProcessGroupError} If a member does not arrive in time.
 */
export async function openProcessGroup(options: ProcessGroupOptions): Promise<ProcessGroup> {
  const { store, prefix, rank, size, timeoutSeconds } = options;
  if (!Number.isInteger(size) || size < 1 || !Number.isInteger(rank) || rank < 0 || rank >= size)
    throw new RangeError(`openProcessGroup: rank=${rank} is none of size=${size}`);
  const addon = loadAddon();
  const [host, port, isServer] =
    store.kind === "tcp" ? ([store.host, store.port, store.isServer] as const) : ([store.path, -1, false] as const);
  const timeoutMs = Math.min(2 ** 31 - 1, Math.ceil(1000 * timeoutSeconds));
  const group = addon.openGroup(host, port, isServer, prefix, rank, size, timeoutMs);
  endWithProcess(addon, group);
  const tensors = (op: "groupAllToAll" | "groupAllGather") => (output: Variable, input: Tensor) =>
    named(async () => addon[op](group, slotOf(output), slotOf(input)));
  await named(() => addon.groupReady(group));
  return {
    rank,
    size,
    gather: (bytes) => named(() => addon.groupGather(group, bytes)),
    allToAll: tensors("groupAllToAll"),
    allGather: tensors("groupAllGather"),
    waitFor: (left) => addon.groupWaitFor(group, left),
    leave: (reason) => addon.leaveGroup(group, reason),
  };
}

const open = new Set<object>();

/** Node runs no clean-up of addons at process.exit. */
function endWithProcess(addon: Addon, group: object): void {
  if (open.size === 0)
    process.once("exit", () => {
      for (const one of open) addon.endGroup(one);
    });
  open.add(group);
}

/** A rejection of the addon as a ProcessGroupError. */
async function named<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (cause) {
    const { code, message, ranks } = cause as Error & { code?: string; ranks?: number[] };
    if (ranks === undefined) throw cause;
    throw new ProcessGroupError(
      code !== undefined && code in hints ? (code as ProcessGroupErrorCode) : "GROUP_FAILED",
      message,
      ranks,
    );
  }
}

function slotOf(tensor: Tensor): number {
  const backend = engine().findBackend("torch") as TorchBackend | null;
  if (!backend) throw new RangeError("A process group moves tensors of the torch backend, which this thread lacks");
  return backend.slotOf(tensor);
}
