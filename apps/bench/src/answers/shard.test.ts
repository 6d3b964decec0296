import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { shardFolder, shardOf, shardsIn, shareOf } from "./shard.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "shards-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const make = (...parts: [number, number][]) => {
  for (const [index, count] of parts) mkdirSync(shardFolder(folder, { index, count }));
};

test("a part by its number, by torchrun's variables, by Slurm's", () => {
  expect(shardOf("1/4")).toEqual({ index: 1, count: 4 });
  const torchrun = { RANK: "2", WORLD_SIZE: "3", MASTER_ADDR: "localhost", MASTER_PORT: "29500" };
  expect(shardOf("auto", torchrun)).toEqual({ index: 2, count: 3 });
  const slurm = {
    SLURM_STEP_ID: "0",
    SLURM_STEP_NUM_TASKS: "2",
    SLURM_LOCALID: "0",
    SLURM_STEP_NODELIST: "a",
    SLURM_JOB_ID: "1",
  };
  expect(shardOf("auto", { ...slurm, SLURM_PROCID: "0" })).toEqual({ index: 0, count: 2 });
});

test.each([
  ["4/4", {}, "there is no part 4 of 4; the first is 0/4"],
  ["auto", {}, "no launcher says which part this process is"],
  ["auto", { RANK: "1" }, "RANK=1 without WORLD_SIZE"],
  ["auto", { RANK: "", WORLD_SIZE: "2" }, "WORLD_SIZE=2 without RANK"],
])("%s with %o is refused", (text, env, message) => {
  expect(() => shardOf(text, env)).toThrow(message);
});

test("the parts hold each question once, and groups of neighbours stay together", () => {
  fc.assert(
    fc.property(fc.nat(60), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 }), (length, size, count) => {
      const list = Array.from({ length }, (_, i) => i);
      const parts = Array.from({ length: count }, (_, index) => shareOf(list, size, { index, count }));
      expect(parts.flat().toSorted((a, b) => a - b)).toEqual(list);
      for (const part of parts)
        for (const [i, question] of part.entries()) expect(Math.floor(i / size) * size).toBe(i - (question % size));
    }),
  );
});

test("the parts of a folder are found in order", () => {
  make([1, 3], [0, 3], [2, 3]);
  expect(shardsIn(folder).map(({ index }) => index)).toEqual([0, 1, 2]);
});

test("no part, a missing one, and two divisions are refused", () => {
  expect(() => shardsIn(folder)).toThrow("it holds no part");
  expect(() => shardsIn(join(folder, "absent"))).toThrow("it holds no part");
  make([0, 3], [2, 3]);
  expect(() => shardsIn(folder)).toThrow("of 3 parts, number 1 is missing");
  make([0, 2]);
  expect(() => shardsIn(folder)).toThrow("it holds parts of divisions by 2 and 3");
});
