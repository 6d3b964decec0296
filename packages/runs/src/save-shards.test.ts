import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSafetensors, type SafetensorsTensor, writeSafetensors } from "@videor1/safetensors";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { loadCheckpoint, verifyCheckpoint } from "./checkpoint.ts";
import type { DeferWrites } from "./save-checkpoint.ts";
import { beginShards, type CheckpointRanks } from "./save-shards.ts";

const base = mkdtempSync(join(tmpdir(), "save-shards-"));
afterAll(() => rmSync(base, { recursive: true }));
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(base, "run-"));
});

/** Ranks of one thread. */
function ranksOf(size: number): CheckpointRanks[] {
  let values: unknown[] = [];
  let waiting: ((all: unknown[]) => void)[] = [];
  return Array.from({ length: size }, (_, rank) => ({
    rank,
    size,
    gather: <T>(value: T) =>
      new Promise<T[]>((resolve) => {
        values[rank] = value;
        waiting.push(resolve as (all: unknown[]) => void);
        if (waiting.length < size) return;
        const [all, told] = [values, waiting];
        [values, waiting] = [[], []];
        for (const tell of told) tell(all);
      }),
  }));
}

interface Saved {
  step?: number;
  size?: number;
  write?: (folder: string) => void;
  dataOf?: (rank: number) => SafetensorsTensor["data"];
  deferWrites?: DeferWrites;
}

const now: DeferWrites = async (run) => {
  await run();
  return {};
};

/** Every rank's outcome. */
const save = ({ step = 4, size = 3, write = () => {}, dataOf, deferWrites = now }: Saved = {}) =>
  Promise.allSettled(
    ranksOf(size).map(async (ranks) => {
      const data = dataOf?.(ranks.rank) ?? Int32Array.of(ranks.rank);
      const optimizer: SafetensorsTensor[] = [{ name: "w.step", dtype: "I32", shape: [], data }];
      const content = { step, write, optimizer, state: { at: step }, metadata: { own: "yes" } };
      const { end } = await beginShards(root, content, { keepLast: 1 }, { ranks, deferWrites });
      return await end();
    }),
  );

const full = { writeTo: () => writeFileSync("/dev/full", "x".repeat(1e6)) };

test("every rank's file is in the folder, which is there once all are written, and is summed up", async () => {
  const folder = join(root, "checkpoint-4");
  const outcomes = await save({ write: (folder) => writeFileSync(join(folder, "model"), "weights") });
  expect(outcomes.map((outcome) => (outcome as PromiseFulfilledResult<string>).value)).toEqual([
    folder,
    folder,
    folder,
  ]);
  const parts = [1, 2, 3].map((number) => `optimizer-0000${number}-of-00003.safetensors`);
  expect(readdirSync(folder).sort()).toEqual(["model", ...parts, "state.json"]);
  verifyCheckpoint(folder);
  const { files } = JSON.parse(readFileSync(join(folder, "state.json"), "utf8")) as { files: { path: string }[] };
  expect(files.map(({ path }) => path)).toEqual(["model", ...parts]);
  const { optimizer, state } = loadCheckpoint(root);
  expect(state).toEqual({ at: 4 });
  expect(optimizer.map((file) => file.read("w.step")[0])).toEqual([0, 1, 2]);
  expect(optimizer[1]!.metadata).toEqual({ step: "4", rank: "1", ranks: "3", own: "yes" });
  for (const file of optimizer) file.close();
});

describe("a rank that cannot write", () => {
  test.each<[string, Saved, RegExp, RegExp]>([
    [
      "its part",
      { dataOf: (rank) => (rank === 1 ? full : Int32Array.of(1)) },
      /rank 1 cannot write: .*ENOSPC/,
      /disk is full/,
    ],
    ["the model", { write: () => void full.writeTo() }, /rank 0 cannot write: .*ENOSPC/, /disk is full/],
    [
      "what it left for later",
      { deferWrites: async (run) => ({ done: run().then(() => Promise.reject(new Error("gone"))) }) },
      /cannot be written \(gone\)/,
      /has room/,
    ],
  ])("%s is named on every rank; the last checkpoint stays, and nothing else", async (_, saved, message, hint) => {
    await save({ step: 3 });
    for (const outcome of await save(saved)) {
      const { reason } = outcome as PromiseRejectedResult;
      expect(reason).toMatchObject({ code: "CHECKPOINT_WRITE", hint: expect.stringMatching(hint) });
    }
    const [first, , last] = (await save(saved)) as PromiseRejectedResult[];
    expect([first!.reason.message, last!.reason.message].some((text: string) => message.test(text))).toBe(true);
    expect(readdirSync(root).sort()).toEqual(["checkpoint-3", "latest"]);
  });

  test("is told so where a file stands in the place of the folder", async () => {
    writeFileSync(join(root, "file"), "");
    root = join(root, "file");
    for (const outcome of await save({ size: 2 }))
      expect((outcome as PromiseRejectedResult).reason).toMatchObject({ code: "CHECKPOINT_WRITE" });
  });
});

test("what was left of a kill is cleared by the next save", async () => {
  await save({ step: 3 });
  const never: DeferWrites = async (run) => {
    await run();
    return { done: new Promise(() => {}) };
  };
  void save({ deferWrites: never });
  await expect.poll(() => existsSync(join(root, ".tmp-checkpoint-4"))).toBe(true);
  expect(loadCheckpoint(root).step).toBe(3);
  await save({ step: 5 });
  expect(readdirSync(root).sort()).toEqual(["checkpoint-5", "latest"]);
});

describe("a checkpoint is refused", () => {
  const part = "optimizer-00002-of-00003.safetensors";

  test.each<[string, (path: string) => void, RegExp]>([
    ["without a part", (path) => rmSync(path), new RegExp(`${part} is missing`)],
    [
      "with the part of another step",
      (path) => {
        const tensors = [{ name: "w.step", dtype: "I32", shape: [], data: Int32Array.of(1) }] as const;
        const { metadata, close } = openSafetensors(path);
        close();
        writeSafetensors(path, tensors, { ...metadata, step: "3" });
      },
      new RegExp(`${part} is of step 3`),
    ],
  ])("%s, which is named", async (_, harm, message) => {
    await save();
    harm(join(root, "checkpoint-4", part));
    expect(() => loadCheckpoint(root)).toThrow(message);
    expect(() => loadCheckpoint(root)).toThrow(expect.objectContaining({ code: "CHECKPOINT_INCOMPLETE" }));
  });
});
