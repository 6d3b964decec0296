// A worker of worker-pool.test.ts, which answers, fails and dies on request.
import { setTimeout as sleep } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import { ConfigError } from "@videor1/cli";
import { serveWorker } from "../src/serve-worker.ts";
import type { ThreadMember } from "../src/thread-collective.ts";
import type { PoolWorkerData } from "../src/worker-messages.ts";

export interface PoolData {
  /** The point at which the worker fails before it serves. */
  fails?: "import" | "start";
  /** A counter that all workers share. */
  shared: SharedArrayBuffer;
}

export interface PoolCalls {
  /** Replies late, with the number of calls that this worker has answered. */
  count: { request: { ms: number }; reply: { calls: number } };
  /** Adds to the shared counter. */
  add: { request: { amount: number }; reply: object };
  /** Replies with the bytes' sum, and with this worker's rank. */
  take: { request: { bytes: Uint8Array }; reply: { sum: number; rank: number } };
  /** Fails once the worker's signal is aborted. */
  untilStopped: { request: object; reply: object };
  /** Never replies. */
  wait: { request: object; reply: object };
  refuse: { request: object; reply: object };
  /** Replies with a value that cannot be cloned. */
  unsendable: { request: object; reply: { f: () => void } };
  exit: { request: object; reply: object };
}

const { fails } = (workerData as PoolWorkerData).data as PoolData;
if (fails === "import") throw new TypeError("broken module");

serveWorker<PoolData, PoolCalls>(async ({ shared }, member, signal) => {
  const { rank } = member as ThreadMember;
  if (fails === "start") throw new ConfigError("CONFIG_INVALID", "model/config.json", [], "Give another folder.");
  let calls = 0;
  return {
    async count({ ms }) {
      await sleep(ms);
      calls++;
      return { calls };
    },
    add({ amount }) {
      Atomics.add(new Int32Array(shared), 0, amount);
      return {};
    },
    take: ({ bytes }) => ({ sum: bytes.reduce((sum, byte) => sum + byte, 0), rank }),
    untilStopped: () =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
    wait: () => new Promise(() => {}),
    refuse() {
      throw new RangeError("3 is not 4");
    },
    unsendable: () => ({ f() {} }),
    exit: () => process.exit(7),
  };
});
