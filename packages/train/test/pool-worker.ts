// A worker of worker-pool.test.ts: answers, fails and dies as it is told.
import { setTimeout as sleep } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import { ConfigError } from "@videor1/cli";
import { serveWorker } from "../src/worker-pool.ts";

export interface PoolData {
  /** Where the worker fails before it serves. */
  fails?: "import" | "start";
  /** A counter that all workers share. */
  shared: SharedArrayBuffer;
}

export interface PoolCalls {
  /** Replies late, with the number of calls that this worker has answered. */
  count: { request: { ms: number }; reply: { calls: number } };
  /** Adds to the shared counter. */
  add: { request: { amount: number }; reply: object };
  refuse: { request: object; reply: object };
  /** Replies with what no thread can pass on. */
  unsendable: { request: object; reply: { f: () => void } };
  exit: { request: object; reply: object };
}

const { fails } = workerData as PoolData;
if (fails === "import") throw new TypeError("broken module");

serveWorker<PoolData, PoolCalls>(async ({ shared }) => {
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
    refuse() {
      throw new RangeError("3 is not 4");
    },
    unsendable: () => ({ f() {} }),
    exit: () => process.exit(7),
  };
});
