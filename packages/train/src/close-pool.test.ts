import { expect, test } from "vitest";
import { closePool } from "./close-pool.ts";

/** Says in which order a pool is told what. */
function poolWhose(settle: () => Promise<object>) {
  const told: string[] = [];
  return {
    told,
    async allOwn(name: "settle") {
      told.push(name);
      const reply = await settle();
      told.push("settled");
      return [reply];
    },
    async close() {
      told.push("close");
    },
  };
}

test("the workers end once the checkpoint that they write is safe", async () => {
  const pool = poolWhose(() => new Promise((resolve) => setTimeout(() => resolve({}), 20)));
  await closePool(pool);
  expect(pool.told).toEqual(["settle", "settled", "close"]);
});

test("and where it failed, or the worker is gone", async () => {
  const pool = poolWhose(() => Promise.reject(new Error("WORKER_DIED")));
  await closePool(pool);
  expect(pool.told).toEqual(["settle", "close"]);
});
