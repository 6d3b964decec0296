import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { deserialize, serialize } from "node:v8";
import type { Ranks } from "./ranks.ts";

/** What the main threads of a run exchange, each in an order of its own: replies of workers, records, the run's state. */
const channels = ["run", "calls", "records"] as const;
export type Channel = (typeof channels)[number];

/** The groups that processes join: those of the channels, and one that tells whether all are there still. */
export type GroupName = Channel | "beat";

/** The main threads of a run's processes. All call the same of each channel in the same order. */
export interface Peers {
  readonly rank: number;
  readonly size: number;
  readonly localRank: number;
  /** Processes of the run that share this one's cores, this one included. */
  readonly sharers: number;
  /** Absent where the process is alone. */
  readonly ranks?: Ranks;
  /**
   * Every process's value, in order of rank. Values pass by structured clone. One that is a promise is waited for, and keeps its
   * place among the channel's others meanwhile.
   */
  gather<T>(channel: Channel, value: T | Promise<T>): Promise<T[]>;
  /** Gives this process's part up: the others' exchanges fail within a second, and name it with this reason. */
  leave(reason: string): void;
  /** Ends this process's part, which is done. */
  end(): void;
}

/** A group of processes, as `openProcessGroup` of @videor1/engine gives one. */
export interface PeerGroup {
  gather(bytes: Uint8Array): Promise<Uint8Array[]>;
  leave(reason: string): void;
}

/** The peers of a process that is alone. */
export const alone: Peers = {
  rank: 0,
  size: 1,
  localRank: 0,
  sharers: 1,
  gather: async (_, value) => [await value],
  leave() {},
  end() {},
};

/** Seconds between two looks whether all processes are there still. */
const beatMs = 1000;

/**
 * Joins the main threads of a run. A process that waits, for a worker that computes or for another process, is told within a second
 * when another one is gone.
 *
 * @param openGroup - Joins a group; all processes open them in the same order.
 */
export async function joinPeers(ranks: Ranks, openGroup: (name: GroupName) => Promise<PeerGroup>): Promise<Peers> {
  const { rank, size, localRank } = ranks;
  const heart = await openGroup("beat"); // first: who is gone while the others are opened is known too
  let isOver = false;
  const gone = new Promise<never>((_, reject) => {
    const beat = () => {
      if (!isOver) heart.gather(new Uint8Array(1)).then(() => setTimeout(beat, beatMs).unref(), reject);
    };
    beat();
  });
  gone.catch(() => {}); // told to whoever waits
  const groups = new Map<Channel, { group: PeerGroup; last: Promise<unknown> }>();
  for (const channel of channels)
    groups.set(channel, { group: await Promise.race([openGroup(channel), gone]), last: Promise.resolve() });
  async function gather<T>(channel: Channel, value: T | Promise<T>): Promise<T[]> {
    const line = groups.get(channel)!;
    const turn = line.last.then(async () => {
      const own = await Promise.race([value, gone]);
      const all = await Promise.race([line.group.gather(serialize(own)), gone]);
      return all.map((bytes) => deserialize(bytes) as T);
    });
    line.last = turn;
    return await turn;
  }
  const cores = await gather("run", coresOf());
  return {
    rank,
    size,
    localRank,
    ranks,
    sharers: cores.filter((other) => other === cores[rank]).length,
    gather,
    leave(reason) {
      isOver = true;
      for (const group of [heart, ...[...groups.values()].map(({ group }) => group)]) group.leave(reason);
    },
    end() {
      isOver = true;
      heart.leave("done");
    },
  };
}

/** The machine and the cores of it that this process may use; on other systems than Linux, the machine. */
function coresOf(): string {
  const status = readStatus();
  return `${hostname()} ${/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? ""}`;
}

function readStatus(): string {
  try {
    return readFileSync("/proc/self/status", "utf8");
  } catch {
    return "";
  }
}
