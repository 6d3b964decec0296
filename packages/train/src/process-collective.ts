/** A collective of processes, over PyTorch's c10d: values and gradients only move there, and are added up here. */
import { deserialize, serialize } from "node:v8";
import { dispose, tidy, util, type Variable, variable, zeros } from "@tensorflow/tfjs-core";
import { hasFlatSlices, type ProcessGroup } from "@videor1/engine";
import {
  type Collective,
  CollectiveError,
  type CollectiveErrorCode,
  checkBroadcast,
  mismatch,
  type SumRequest,
} from "./collective.ts";
import type { Gradients } from "./gradients.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { bucketLayout } from "./sharded/bucket-layout.ts";
import { gatherSlices } from "./sharded/gather-slices.ts";
import { sumSlices } from "./sharded/sum-slices.ts";

/** Bytes that are exchanged at once. */
const bucketBytes = 1 << 24;

/** The collective of the group's members. Sums need the torch backend; the other operations need no tensor backend. */
export function processCollective(group: ProcessGroup): Collective {
  const { rank, size } = group;
  const alone = oneAtATime(rank);
  let broken: CollectiveError | undefined;

  /** Rejects with the group's error, also where an earlier operation failed. */
  async function guarded<T>(operation: string, run: () => Promise<T>): Promise<T> {
    if (broken) throw broken;
    try {
      return await run();
    } catch (error) {
      if (!isGroupError(error)) throw error;
      broken = collectiveError(operation, error);
      throw broken;
    }
  }

  /** Every member's bytes; those of a member that calls another operation are an error on all. */
  const exchange = (operation: string, bytes: Uint8Array) =>
    guarded(operation, async () => {
      const own = frame(operation, bytes);
      const all = (await group.gather(own)).map(unframed);
      const stray = all.findIndex((one) => one.operation !== operation);
      if (stray < 0) return all.map((one) => one.bytes);
      broken = mismatch(rank, operation, stray, all[stray]!.operation);
      group.leave(broken.message);
      throw broken;
    });

  const exchangeValues = async (operation: string, value: unknown): Promise<unknown[]> =>
    (await exchange(operation, serialize(value))).map((bytes) => deserialize(bytes));

  async function sum(request: SumRequest): Promise<Gradients> {
    const { like, count } = request;
    if (!hasFlatSlices()) throw new RangeError("sum: the backend cannot cut tensors into slices; torch can");
    const members: ProcessGroup = {
      ...group,
      allToAll: (output, input) => guarded("sum", () => group.allToAll(output, input)),
      allGather: (output, input) => guarded("sum", () => group.allGather(output, input)),
    };
    const sized = Object.entries(like).map(([name, { shape }]) => ({
      name,
      size: util.sizeFromShape([...shape]),
      isWide: true,
    }));
    const buckets = bucketLayout(sized.reverse(), { ranks: size, bucketBytes });
    const gather = <T>(value: T) => exchangeValues(`sum of ${count} addends`, value) as Promise<T[]>;
    const { grads, names } = await sumSlices(request, { group: members, collective: { gather }, buckets });
    const total: Record<string, Variable> = {};
    try {
      for (const name of names) total[name] = tidy(() => variable(zeros([...like[name]!.shape]), false));
      await gatherSlices(members, buckets, total, { names, slices: grads });
      return total;
    } catch (error) {
      dispose(total);
      throw error;
    } finally {
      dispose(grads);
    }
  }

  return {
    rank,
    size,
    group,
    broadcast: (bytes, root) =>
      alone("broadcast", async () => {
        checkBroadcast({ rank, size }, bytes, root);
        return (await exchange(`broadcast of rank ${root}`, rank === root ? bytes! : new Uint8Array()))[root]!;
      }),
    gather: <T>(value: T) => alone("gather", () => exchangeValues("gather", value) as Promise<T[]>),
    sum: (request) => alone("sum", () => sum(request)),
    barrier: () => alone("barrier", async () => void (await exchange("barrier", new Uint8Array()))),
  };
}

/** Bytes behind the name of their operation: its length in one byte, its text. */
function frame(operation: string, bytes: Uint8Array): Uint8Array {
  const name = Buffer.from(operation).subarray(0, 255);
  return Buffer.concat([Buffer.of(name.length), name, bytes]);
}

function unframed(frame: Uint8Array): { operation: string; bytes: Uint8Array } {
  const end = 1 + frame[0]!;
  return { operation: Buffer.from(frame.subarray(1, end)).toString(), bytes: frame.subarray(end) };
}

interface GroupError extends Error {
  code: CollectiveErrorCode;
  ranks: number[];
  hint: string;
}

const isGroupError = (error: unknown): error is GroupError =>
  error instanceof Error && !(error instanceof CollectiveError) && "ranks" in error;

function collectiveError(operation: string, { code, message, ranks, hint }: GroupError): CollectiveError {
  const isTimeout = code === "COLLECTIVE_TIMEOUT";
  return new CollectiveError(code, { message: isTimeout ? `${operation}: ${message}` : message, ranks, hint });
}
