/** A collective of worker threads: values pass through message ports, gradients through memory that all share. */
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { type Collective, CollectiveError, checkBroadcast, mismatch, type SumRequest } from "./collective.ts";
import { clearShard, gradientLayout, gradientShard, packGradient, shardBytes, sumShards } from "./gradient-shard.ts";
import type { Gradients } from "./gradients.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { soloCollective } from "./solo-collective.ts";
import { type ErrorFields, errorFields, WorkerError } from "./worker-error.ts";

/** A thread's place in a group: its rank, and a port to every other member. It passes to the thread by transfer. */
export interface ThreadMember {
  rank: number;
  /** In order of rank; null at this member's own rank. */
  ports: readonly (MessagePort | null)[];
}

export interface ThreadCollectiveOptions {
  /** The longest wait of a member for the others in one operation; default 3600. */
  timeoutSeconds?: number;
}

type Message = { operation: string; value: unknown } | { left: string };

/** The members of a group of `size` threads, every two of them connected. */
export function threadMembers(size: number): ThreadMember[] {
  const ports = Array.from({ length: size }, () => new Array<MessagePort | null>(size).fill(null));
  for (let low = 0; low < size; low++)
    for (let high = low + 1; high < size; high++) {
      const { port1, port2 } = new MessageChannel();
      ports[low]![high] = port1;
      ports[high]![low] = port2;
    }
  return ports.map((own, rank) => ({ rank, ports: own }));
}

/** Joins the group that `member` belongs to; alone, it is `soloCollective`. A member joins once. */
export function threadCollective(member: ThreadMember, options: ThreadCollectiveOptions = {}): Collective {
  const { rank, ports } = member;
  const size = ports.length;
  if (size === 1) return soloCollective();
  const exchange = exchanger(member, options);
  let memory = new SharedArrayBuffer(0);
  const alone = oneAtATime(rank);

  async function sum({ like, count, addend }: SumRequest): Promise<Gradients> {
    const layout = gradientLayout(like);
    const bytes = shardBytes(layout, count);
    if (rank === 0 && memory.byteLength < bytes) memory = new SharedArrayBuffer(bytes);
    // Once all have arrived, each has read the previous sum: the memory may be written.
    [memory] = (await exchange(`sum of ${count} addends, ${bytes} bytes`, memory)) as [SharedArrayBuffer];
    const shards = Array.from({ length: count }, (_, index) => gradientShard(layout, memory, index));
    let thrown: unknown;
    let failure: ErrorFields | null = null;
    try {
      for (let index = rank; index < count; index += size) {
        clearShard(shards[index]!);
        await addend(index, (name, gradient) => {
          try {
            packGradient(layout, name, gradient, shards[index]!);
          } finally {
            gradient.dispose();
          }
        });
      }
    } catch (error) {
      thrown = error;
      failure = errorFields(error);
    }
    const failures = (await exchange("end of sum", failure)) as (ErrorFields | null)[];
    const failed = failures.findIndex((fields) => fields !== null);
    if (failed >= 0) throw failed === rank ? thrown : new WorkerError(failures[failed]!);
    return sumShards(layout, shards);
  }

  return {
    rank,
    size,
    broadcast: (bytes, root) =>
      alone("broadcast", async () => {
        checkBroadcast({ rank, size }, bytes, root);
        const values = await exchange(`broadcast of rank ${root}`, rank === root ? bytes!.slice() : null);
        return values[root] as Uint8Array;
      }),
    gather: <T>(value: T) => alone("gather", () => exchange("gather", value) as Promise<T[]>),
    sum: (request) => alone("sum", () => sum(request)),
    barrier: () =>
      alone("barrier", async () => {
        await exchange("barrier", null);
      }),
  };
}

/** Sends every other member a value and returns the values of all, in order of rank. */
function exchanger({ rank, ports }: ThreadMember, { timeoutSeconds = 3600 }: ThreadCollectiveOptions) {
  const inboxes = ports.map((): { operation: string; value: unknown }[] => []);
  let broken: CollectiveError | undefined;
  let wake = () => {};

  function giveUp(error: CollectiveError): void {
    broken ??= error;
    wake();
  }

  function leave(reason: string): void {
    for (const port of ports) port?.postMessage({ left: reason } satisfies Message);
    giveUp(memberLeft(rank, `gave up: ${reason}`));
  }

  for (const [other, port] of ports.entries()) {
    port?.on("message", (message: Message) => {
      if ("left" in message) return giveUp(memberLeft(other, `gave up: ${message.left}`));
      inboxes[other]!.push(message);
      wake();
    });
    port?.on("close", () => giveUp(memberLeft(other, "has ended")));
    port?.unref();
  }

  const missing = () => inboxes.flatMap((inbox, other) => (other !== rank && inbox.length === 0 ? [other] : []));

  /** Resolves once every other member's next value is here. */
  const arrival = (operation: string) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        const error = timedOut(operation, missing(), timeoutSeconds);
        broken ??= error;
        leave(error.message);
      }, timeoutSeconds * 1000);
      wake = () => {
        const isWhole = missing().length === 0;
        if (!isWhole && !broken) return;
        clearTimeout(timer);
        wake = () => {};
        if (isWhole) resolve();
        else reject(broken);
      };
      wake();
    });

  return async (operation: string, value: unknown): Promise<unknown[]> => {
    if (broken) throw broken;
    try {
      for (const port of ports) port?.postMessage({ operation, value } satisfies Message);
    } catch (error) {
      leave((error as Error).message); // a value that no thread can pass on
      throw error;
    }
    await arrival(operation);
    const messages = inboxes.map((inbox, other) => (other === rank ? { operation, value } : inbox.shift()!));
    const stray = messages.findIndex((message) => message.operation !== operation);
    if (stray < 0) return messages.map((message) => message.value);
    giveUp(mismatch(rank, operation, stray, messages[stray]!.operation));
    throw broken;
  };
}

const memberLeft = (rank: number, how: string) =>
  new CollectiveError("MEMBER_LEFT", {
    message: `Rank ${rank} ${how}`,
    ranks: [rank],
    hint: "The error of that rank says why. The same command goes on from the last checkpoint.",
  });

const timedOut = (operation: string, ranks: number[], timeoutSeconds: number) =>
  new CollectiveError("COLLECTIVE_TIMEOUT", {
    message: `${operation}: ${ranks.length === 1 ? "rank" : "ranks"} ${ranks.join(", ")} did not arrive within ${timeoutSeconds} s`,
    ranks,
    hint: "If its part of the batch takes that long, raise engine.timeoutSeconds; the same command goes on.",
  });
