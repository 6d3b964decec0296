import { afterAll, describe, expect, test } from "vitest";
import type { ContractCalls } from "../test/contract-worker.ts";
import { useEngine } from "../test/engine.ts";
import { collectiveScenarios, runCollectiveContract } from "./collective-contract.ts";
import { soloCollective } from "./solo-collective.ts";
import { workerPool } from "./worker-pool.ts";

useEngine();

runCollectiveContract({
  name: "soloCollective",
  sizes: [1],
  describe,
  test,
  afterAll,
  expect,
  start: async () => ({
    run: async (name) => Promise.allSettled([collectiveScenarios[name](soloCollective())]),
    close: async () => {},
  }),
});

runCollectiveContract({
  name: "threadCollective",
  sizes: [1, 2, 3],
  describe,
  test,
  afterAll,
  expect,
  async start(size, options) {
    const pool = workerPool<ContractCalls>(new URL("../test/contract-worker.ts", import.meta.url), size, options);
    return {
      async run(name) {
        const calls = Array.from({ length: size }, async (_, rank) => (await pool.call(rank, "run", { name })).value);
        return Promise.allSettled(calls);
      },
      close: () => pool.close(),
    };
  },
});
