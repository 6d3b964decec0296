import type { Peers } from "@videor1/launch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { peersInThread } from "../test/peers-in-thread.ts";
import type { PoolCalls } from "../test/pool-worker.ts";
import { rankPool } from "./rank-pool.ts";
import { type WorkerPool, workerPool } from "./worker-pool.ts";

const entry = new URL("../test/pool-worker.ts", import.meta.url);
let own: WorkerPool<PoolCalls>[];
let pools: WorkerPool<PoolCalls>[];
let peers: Peers[];
/** Two processes, in this thread, with a real worker thread each. */
const open = async (graceSeconds?: number) => {
  peers = await peersInThread(2);
  pools = peers.map((peer, rank) => rankPool(own[rank]!, peer, graceSeconds === undefined ? {} : { graceSeconds }));
};
beforeAll(async () => {
  own = [0, 1].map(() => workerPool<PoolCalls>(entry, 1, { shared: new SharedArrayBuffer(4) }));
  await open();
});
afterAll(async () => {
  for (const pool of own) await pool.close();
});

/** What every process gets. */
const onAll = <T>(call: (pool: WorkerPool<PoolCalls>, rank: number) => Promise<T>): Promise<T[]> =>
  Promise.all(pools.map(call));
const failed = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

test("call i runs in process i modulo the size, and every process gets its reply, in the order of the calls", async () => {
  const order: number[][] = [[], []];
  const replies = await onAll((pool, rank) =>
    Promise.all(
      [30, 0, 0].map(async (ms, i) => {
        const reply = await pool.call(i, "count", { ms });
        order[rank]!.push(i);
        return reply;
      }),
    ),
  );
  for (const ofProcess of replies) expect(ofProcess).toEqual([{ calls: 1 }, { calls: 1 }, { calls: 2 }]);
  expect(order).toEqual([
    [0, 1, 2],
    [0, 1, 2],
  ]);
  expect(pools.map(({ size }) => size)).toEqual([2, 2]);
});

test("a request is made where the worker is, and its place is kept while it is made", async () => {
  const made: number[][] = [[], []];
  const replies = await onAll((pool, rank) =>
    Promise.all(
      [0, 1].map((worker) =>
        pool.callWith(worker, "take", async () => {
          await new Promise((resolve) => setTimeout(resolve, worker === 0 ? 20 : 0));
          made[rank]!.push(worker);
          const bytes = new Uint8Array([worker, 40]);
          return { request: { bytes }, transfer: [bytes.buffer] };
        }),
      ),
    ),
  );
  expect(made).toEqual([[0], [1]]);
  for (const ofProcess of replies) expect(ofProcess.map(({ sum }) => sum)).toEqual([40, 41]);
});

test("each process makes its own worker's request; all get all replies, typed arrays as such", async () => {
  const replies = await onAll((pool, rank) =>
    pool.each("take", (worker) => {
      expect(worker).toBe(rank);
      return { request: { bytes: new Uint8Array([worker, 1]) } };
    }),
  );
  for (const ofProcess of replies) expect(ofProcess.map(({ sum }) => sum)).toEqual([1, 2]);
  const [sent, received] = await Promise.all(
    peers.map((peer) => peer.gather("calls", { logps: new Float32Array([Number.NaN, 0.1]) })),
  );
  expect(received).toEqual(sent);
  expect(received![1]!.logps).toBeInstanceOf(Float32Array);
});

test("a worker's error reaches every process, with name, code, hint and rank; the pools stay usable", async () => {
  const errors = await onAll((pool) => failed(pool.call(1, "refuse", {})));
  for (const error of errors) expect(error).toMatchObject({ name: "RangeError", message: "3 is not 4", rank: 1 });
  expect(await onAll((pool) => pool.call(1, "add", { amount: 1 }))).toEqual([{}, {}]);
  const all = await onAll((pool) => failed(pool.all("refuse", {})));
  for (const error of all) expect(error).toMatchObject({ message: "3 is not 4", rank: 0 });
});

test("a call to this process's own workers concerns no other", async () => {
  expect(await pools[1]!.allOwn("add", { amount: 1 })).toEqual([{}]);
});

test("a process whose worker failed alone leaves: the other does not wait for its own worker, and is told why", async () => {
  await open(0.05);
  const [waits, fails] = await Promise.all(
    pools.map((pool, rank) => failed(pool.each(rank === 0 ? "wait" : "refuse", () => ({ request: {} })))),
  );
  expect(waits).toMatchObject({ message: "Rank 1 left: refuse failed: 3 is not 4" });
  expect(fails).toMatchObject({ message: "3 is not 4", rank: 1 });
});
