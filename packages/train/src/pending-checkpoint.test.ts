import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engine, tensor1d, variable } from "@tensorflow/tfjs-core";
import { checkpointSteps } from "@videor1/runs";
import { afterAll, expect, test } from "vitest";
import { useEngine } from "../test/engine.ts";
import { OptimizerOptions } from "./options.ts";
import { createReplica } from "./replica.ts";

useEngine();
const base = mkdtempSync(join(tmpdir(), "pending-"));
afterAll(() => rmSync(base, { recursive: true }));

test("a checkpoint whose tensors are still being written holds the next update up, until it is safe or fails", async () => {
  const parameters = { b: variable(tensor1d([0, 0, 0])) };
  const replica = createReplica(parameters, OptimizerOptions.parse({}));
  const values = () => [...parameters.b.dataSync()];
  const step = () =>
    replica.step({
      parts: 1,
      learningRate: 0.05,
      compute: async () => ({ grads: { b: tensor1d([1, 2, 1]) }, share: 0 }),
      reduce: () => ({ metrics: { loss: 0 } }),
    });
  const backend = engine().backend as { flushWrites?: () => Promise<ReadonlyMap<number, number>> };
  const root = join(base, "pending");
  const save = (step: number, wait = false) =>
    replica.checkpoint({ root, step, state: {}, keepLast: 1, best: null, wait }, async (folder) =>
      writeFileSync(join(folder, "model"), ""),
    );
  let write: () => void = () => {};
  let fail: (error: Error) => void = () => {};
  backend.flushWrites = () =>
    new Promise((resolve, reject) => {
      write = () => resolve(new Map());
      fail = reject;
    });
  try {
    expect(await save(1)).toBe(null);
    const before = values();
    let isDone = false;
    const stepping = step().then(() => {
      isDone = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([isDone, values(), checkpointSteps(root)]).toEqual([false, before, []]);
    write();
    await stepping;
    expect(values()).not.toEqual(before);
    expect(checkpointSteps(root)).toEqual([1]);

    expect(await save(2)).toBe(1);
    fail(new Error("the disk is gone"));
    await expect(step()).rejects.toThrow("the disk is gone");
    expect(checkpointSteps(root)).toEqual([1]);

    const last = save(3, true);
    await new Promise((resolve) => setTimeout(resolve, 50));
    write();
    expect([await last, checkpointSteps(root)]).toEqual([3, [3]]);
  } finally {
    delete backend.flushWrites;
  }
});
