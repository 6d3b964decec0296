import { joinPeers, type PeerGroup, type Peers, type Ranks } from "@videor1/launch";

/** The peers of `size` processes, all of them in this thread: what a test of their agreement needs. */
export function peersInThread(size: number): Promise<Peers[]> {
  const lines = new Map<string, { given: (Uint8Array | undefined)[]; done: PromiseWithResolvers<Uint8Array[]> }[]>();
  let left: Error | undefined;
  const waiting = new Set<(error: Error) => void>();
  const groupOf = (rank: number, channel: string): PeerGroup => {
    let next = 0;
    return {
      gather(bytes) {
        if (left) return Promise.reject(left);
        const line = lines.get(channel) ?? [];
        lines.set(channel, line);
        line[next] ??= { given: [], done: withResolvers() };
        const turn = line[next]!;
        next++;
        turn.given[rank] = bytes;
        waiting.add(turn.done.reject);
        if (turn.given.filter(Boolean).length === size) turn.done.resolve(turn.given as Uint8Array[]);
        return turn.done.promise;
      },
      leave(reason) {
        left ??= Object.assign(new Error(`Rank ${rank} left: ${reason}`), { code: "MEMBER_LEFT" });
        for (const reject of waiting) reject(left);
      },
    };
  };
  return Promise.all(
    Array.from({ length: size }, (_, rank) =>
      joinPeers({ ...place, rank, size, localRank: rank }, async (channel) => groupOf(rank, channel)),
    ),
  );
}

const place: Omit<Ranks, "rank" | "size" | "localRank"> = {
  master: { host: "localhost", port: 1 },
  restart: 0,
  launcher: "a test",
};

interface PromiseWithResolvers<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => {}); // whoever awaits it is told
  return { promise, resolve, reject };
}
