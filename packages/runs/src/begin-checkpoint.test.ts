import { mkdtempSync, readdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SafetensorsTensor } from "@videor1/safetensors";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { checkpointSteps, loadCheckpoint, verifyCheckpoint } from "./checkpoint.ts";
import { beginCheckpoint, type DeferWrites, saveCheckpoint } from "./save-checkpoint.ts";

const base = mkdtempSync(join(tmpdir(), "begin-checkpoint-"));
afterAll(() => rmSync(base, { recursive: true }));
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(base, "run-"));
});

const write = () => {};
const save = (step: number) => saveCheckpoint(root, { step, write, optimizer: [], state: {} }, { keepLast: 2 });

describe("tensors that are written later", () => {
  /** Writes what `laterTensor` left, once it is told. */
  const deferred = () => {
    const writes: (() => void)[] = [];
    let finish: (error?: Error) => void = () => {};
    const later: SafetensorsTensor["data"] = {
      writeTo: (descriptor, position) =>
        void writes.push(() => writeSync(descriptor, Buffer.from([1, 0, 0, 0]), 0, 4, position)),
    };
    const deferWrites: DeferWrites = async (run) => {
      await run();
      const told = new Promise<void>((resolve, reject) => {
        finish = (error) => (error ? reject(error) : resolve());
      });
      return {
        done: told.then(() => {
          for (const write of writes) write();
          return new Map();
        }),
      };
    };
    const tensors: SafetensorsTensor[] = [{ name: "w.step", dtype: "I32", shape: [], data: later }];
    const begin = () =>
      beginCheckpoint(root, { step: 4, write, optimizer: tensors, state: {} }, { keepLast: 1 }, deferWrites);
    return { begin, finish: (error?: Error) => finish(error) };
  };

  test("make the checkpoint when they are there, not before", async () => {
    await save(3);
    const { begin, finish } = deferred();
    const { isWritten, ended } = await begin();
    expect(isWritten).toBe(false);
    expect(loadCheckpoint(root).step).toBe(3);
    finish();
    expect(await ended).toBe(join(root, "checkpoint-4"));
    verifyCheckpoint(join(root, "checkpoint-4"));
    expect(loadCheckpoint(root).optimizer[0]!.read("w.step")).toEqual(Int32Array.of(1));
    expect(checkpointSteps(root)).toEqual([4]);
  });

  test("leave the last checkpoint, and nothing else, if they fail", async () => {
    await save(3);
    const { begin, finish } = deferred();
    const { ended } = await begin();
    finish(Object.assign(new Error("full"), { syscall: "write", code: "ENOSPC" }));
    await expect(ended).rejects.toMatchObject({
      code: "CHECKPOINT_WRITE",
      hint: expect.stringMatching(/disk is full/),
    });
    expect(readdirSync(root).sort()).toEqual(["checkpoint-3", "latest"]);
  });

  test("fail as the checkpoint does, whatever wrote them", async () => {
    const { begin, finish } = deferred();
    const { ended } = await begin();
    finish(new Error("WriteTensor(): cannot write: No space left on device"));
    await expect(ended).rejects.toMatchObject({
      code: "CHECKPOINT_WRITE",
      message: expect.stringContaining("checkpoint 4 cannot be written (WriteTensor(): cannot write: No space left"),
      hint: expect.stringContaining("has room"),
    });
    expect(readdirSync(root)).toEqual([]);
  });
});
