import { describeError } from "@videor1/cli";
import { afterEach, describe, expect, test } from "vitest";
import type { PoolCalls, PoolData } from "../test/pool-worker.ts";
import { ownBuffer } from "./own-buffer.ts";
import { serveWorker } from "./serve-worker.ts";
import { type WorkerPool, workerPool } from "./worker-pool.ts";

const entry = new URL("../test/pool-worker.ts", import.meta.url);
const shared = new SharedArrayBuffer(4);
let pool: WorkerPool<PoolCalls>;
const open = (size: number, data: Omit<PoolData, "shared"> = {}, signal?: AbortSignal) => {
  pool = workerPool<PoolCalls>(entry, size, { ...data, shared }, signal && { signal });
};
afterEach(() => pool.close());

/** The error that a call rejects with. */
const failure = (call: Promise<object>): Promise<unknown> =>
  call.then(
    () => expect.unreachable("the call should fail"),
    (error: unknown) => error,
  );

test("calls of one worker are answered in their order, whatever each takes", async () => {
  open(1);
  const replies = await Promise.all([30, 10, 0].map((ms) => pool.call(0, "count", { ms })));
  expect(replies).toEqual([{ calls: 1 }, { calls: 2 }, { calls: 3 }]);
});

test("a call goes to worker i modulo the size; `all` to each", async () => {
  open(2);
  await Promise.all([0, 1, 2].map((i) => pool.call(i, "count", { ms: 0 })));
  expect(await pool.all("count", { ms: 0 })).toEqual([{ calls: 3 }, { calls: 2 }]);
});

test.each([
  [undefined, "passive"],
  ["active", "active"],
])("OpenMP's threads wait without spinning, unless asked to: %s", (asked, expected) => {
  if (asked === undefined) delete process.env.OMP_WAIT_POLICY;
  else process.env.OMP_WAIT_POLICY = asked;
  open(1);
  expect(process.env.OMP_WAIT_POLICY).toBe(expected);
  delete process.env.OMP_WAIT_POLICY;
});

test("each worker has a request of its own; transferred bytes are not here any more", async () => {
  open(3);
  const bytes = [1, 2, 3].map((value) => new Uint8Array([value, 40]));
  const replies = await pool.each("take", (worker) => {
    return { request: { bytes: bytes[worker]! }, transfer: [bytes[worker]!.buffer] };
  });
  expect(replies).toEqual([1, 2, 3].map((value, rank) => ({ sum: value + 40, rank })));
  expect(bytes.map(({ length }) => length)).toEqual([0, 0, 0]);
});

test("ownBuffer copies bytes that share their buffer, and no others", () => {
  const whole = new Uint8Array([1, 2, 3]);
  expect(ownBuffer(whole)).toBe(whole);
  for (const part of [whole.subarray(1), whole.subarray(0, 2), new Uint8Array(new SharedArrayBuffer(2))]) {
    const own = ownBuffer(part);
    expect(own).toEqual(part);
    expect(own.buffer).not.toBe(part.buffer);
    expect(own.buffer.byteLength).toBe(part.length);
  }
});

test("the pool's signal stops the call that each worker is at; the workers live on", async () => {
  const stop = new AbortController();
  open(2, {}, stop.signal);
  const waiting = [0, 1].map((worker) => failure(pool.call(worker, "untilStopped", {})));
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  expect(await Promise.all(waiting)).toMatchObject([{ name: "AbortError" }, { name: "AbortError" }]);
  expect(await pool.all("count", { ms: 0 })).toEqual([{ calls: 1 }, { calls: 1 }]);
});

test("memory is shared", async () => {
  open(2);
  await pool.all("add", { amount: 21 });
  expect(new Int32Array(shared)[0]).toBe(42);
});

describe("a handler that throws", () => {
  test("rejects its call with the original's name, message and stack; the worker lives on", async () => {
    open(1);
    const [error, next] = await Promise.all([failure(pool.call(0, "refuse", {})), pool.call(0, "count", { ms: 0 })]);
    expect(error).toMatchObject({ name: "RangeError", message: "3 is not 4", code: "WORKER_FAILED" });
    expect((error as Error).stack).toContain("pool-worker.ts");
    expect(next).toEqual({ calls: 1 });
  });

  test("so does a reply, or a request, that no thread can pass on", async () => {
    open(1);
    expect(await failure(pool.call(0, "unsendable", {}))).toMatchObject({ name: "DataCloneError" });
    const request = { ms: 0, f() {} };
    expect(await failure(pool.call(0, "count", request))).toMatchObject({ name: "DataCloneError" });
    expect(await pool.call(0, "count", { ms: 0 })).toEqual({ calls: 1 });
  });
});

describe("a worker that dies", () => {
  test("at start: every call tells the user's mistake in its own words", async () => {
    open(2, { fails: "start" });
    const error = await failure(pool.all("count", { ms: 0 }));
    expect(error).toMatchObject({ name: "ConfigError", code: "CONFIG_INVALID", hint: "Give another folder." });
    expect(describeError(error)).toBe("model/config.json: 0 mistakes\nGive another folder.");
    expect(await failure(pool.call(0, "count", { ms: 0 }))).toMatchObject({ name: "ConfigError" });
  });

  test("while its module loads", async () => {
    open(1, { fails: "import" });
    expect(await failure(pool.call(0, "count", { ms: 0 }))).toMatchObject({
      name: "TypeError",
      message: "broken module",
      code: "WORKER_DIED",
    });
  });

  test("because there is no such module", async () => {
    pool = workerPool(new URL("../test/absent.ts", import.meta.url), 1, {});
    const error = await failure(pool.call(0, "count", { ms: 0 }));
    expect(error).toMatchObject({ code: "WORKER_DIED", message: expect.stringContaining("absent.ts") });
  });

  test("in a call: that call, those that wait and those that come are rejected", async () => {
    open(1);
    const errors = await Promise.all([failure(pool.call(0, "exit", {})), failure(pool.call(0, "count", { ms: 0 }))]);
    errors.push(await failure(pool.call(0, "count", { ms: 0 })));
    for (const error of errors)
      expect(error).toMatchObject({ code: "WORKER_DIED", message: /exit code 7/, hint: /memory/ });
  });

  test("or fails: a call to all is rejected at once, though another worker never replies", async () => {
    for (const [name, expected] of [
      ["exit", { code: "WORKER_DIED", message: /exit code 7/ }],
      ["refuse", { name: "RangeError", message: "3 is not 4" }],
    ] as const) {
      open(2);
      void failure(pool.call(0, "wait", {}));
      expect(await failure(pool.all(name, {}))).toMatchObject(expected);
      await pool.close();
    }
  });

  test("because the pool is closed", async () => {
    open(1);
    const waiting = failure(pool.call(0, "count", { ms: 60_000 }));
    await pool.close();
    expect(await waiting).toMatchObject({ code: "WORKER_DIED" });
  });
});

test("serveWorker is for workers", () => {
  expect(() => serveWorker(async () => ({}))).toThrow(/inside a worker thread/);
});
