import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { SafetensorsTensor } from "@videor1/safetensors";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { checkpointSteps, loadCheckpoint, verifyCheckpoint } from "./checkpoint.ts";
import { saveCheckpoint } from "./save-checkpoint.ts";

const base = mkdtempSync(join(tmpdir(), "checkpoint-"));
afterAll(() => rmSync(base, { recursive: true }));
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(base, "run-"));
});

const optimizer: SafetensorsTensor[] = [{ name: "w.step", dtype: "I32", shape: [], data: Int32Array.of(7) }];
const save = (step: number, { keepLast = 2, write = writeModel, state = {} as unknown } = {}) =>
  saveCheckpoint(root, { step, write, optimizer, state }, { keepLast });

function writeModel(folder: string) {
  mkdirSync(join(folder, "model"));
  writeFileSync(join(folder, "model", "weights.bin"), "weights");
}

test("what is saved comes back: files, step, optimizer, state", async () => {
  const folder = await save(10, { state: { loader: { epoch: 1, index: 42 } } });
  expect(folder).toBe(join(root, "checkpoint-10"));
  expect(readFileSync(join(root, "latest"), "utf8")).toBe("checkpoint-10\n");

  const loaded = loadCheckpoint(root);
  expect(loaded).toMatchObject({ folder, step: 10, state: { loader: { epoch: 1, index: 42 } } });
  expect(readFileSync(join(folder, "model", "weights.bin"), "utf8")).toBe("weights");
  expect(loaded.optimizer[0]!.read("w.step")).toEqual(Int32Array.of(7));
  for (const file of loaded.optimizer) file.close();
});

test("the newest keepLast remain; numbers, not names, order them", async () => {
  for (const step of [8, 9, 10, 11]) await save(step);
  expect(checkpointSteps(root)).toEqual([11, 10]);
  await save(12, { keepLast: 1 });
  expect(readdirSync(root).sort()).toEqual(["checkpoint-12", "latest"]);
});

test("saving a step again replaces it", async () => {
  await save(5, { state: "old" });
  await save(5, { state: "new" });
  expect(loadCheckpoint(root).state).toBe("new");
  expect(checkpointSteps(root)).toEqual([5]);
});

describe("a failed save", () => {
  test("of a full disk says so, leaves nothing, and the last checkpoint stays", async () => {
    await save(1);
    const full = save(2, { write: () => writeFileSync("/dev/full", "x".repeat(1e6)) });
    await expect(full).rejects.toMatchObject({
      code: "CHECKPOINT_WRITE",
      path: root,
      hint: expect.stringMatching(/disk is full/),
    });
    expect(readdirSync(root).sort()).toEqual(["checkpoint-1", "latest"]);
    expect(loadCheckpoint(root).step).toBe(1);
  });

  test("into a folder that cannot be made", async () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    const inFile = saveCheckpoint(
      join(file, "run"),
      { step: 1, write: writeModel, optimizer, state: {} },
      { keepLast: 1 },
    );
    await expect(inFile).rejects.toMatchObject({ code: "CHECKPOINT_WRITE", hint: expect.any(String) });
  });

  test("of an optimizer tensor that does not fit", async () => {
    const wrong: SafetensorsTensor[] = [{ name: "w", dtype: "F32", shape: [3], data: new Float32Array(2) }];
    const saving = saveCheckpoint(root, { step: 1, write: writeModel, optimizer: wrong, state: {} }, { keepLast: 1 });
    await expect(saving).rejects.toMatchObject({ code: "SAFETENSORS_WRITE", tensor: "w" });
    expect(readdirSync(root)).toEqual([]);
  });

  test("by the caller's own error passes it on", async () => {
    const own = new Error("own");
    await expect(save(1, { write: () => Promise.reject(own) })).rejects.toBe(own);
    expect(readdirSync(root)).toEqual([]);
  });
});

test("a process killed while saving leaves the last checkpoint, and the next save clears up", async () => {
  await save(1);
  const program = `
    const { saveCheckpoint } = await import(${JSON.stringify(new URL("./save-checkpoint.ts", import.meta.url).href)});
    const { writeFileSync } = await import("node:fs");
    await saveCheckpoint(${JSON.stringify(root)}, { step: 2, optimizer: [], state: {}, write(folder) {
      writeFileSync(folder + "/half", "x");
      process.kill(process.pid, "SIGKILL");
    } }, { keepLast: 1 });`;
  const args = ["--conditions=@videor1/source", "--import", "tsx", "--input-type=module", "-e", program];
  await expect(promisify(execFile)(process.execPath, args)).rejects.toMatchObject({ signal: "SIGKILL" });
  expect(existsSync(join(root, ".tmp-checkpoint-2", "half"))).toBe(true);
  expect(loadCheckpoint(root).step).toBe(1);
  await save(3);
  expect(readdirSync(root).sort()).toEqual(["checkpoint-1", "checkpoint-3", "latest"]);
});

describe("loading", () => {
  test("one checkpoint by its own folder", async () => {
    await save(1);
    await save(2);
    expect(loadCheckpoint(join(root, "checkpoint-1")).step).toBe(1);
  });

  test.each([
    ["is gone", (file: string) => rmSync(file)],
    ["names nothing", (file: string) => writeFileSync(file, "checkpoint-99\n")],
    ["leads out of the folder", (file: string) => writeFileSync(file, "../elsewhere\n")],
  ])("takes the newest where `latest` %s", async (_, harm) => {
    await save(1);
    await save(2);
    harm(join(root, "latest"));
    expect(loadCheckpoint(root).step).toBe(2);
  });

  test.each<[string, (folder: string) => void, RegExp]>([
    ["a missing file", (folder) => rmSync(join(folder, "model", "weights.bin")), /weights.bin is missing/],
    ["a cut file", (folder) => writeFileSync(join(folder, "model", "weights.bin"), "w"), /has 1 bytes, 7 were written/],
    [
      "a cut state",
      (folder) => writeFileSync(join(folder, "state.json"), '{"step": 1'),
      /state.json is not readable JSON/,
    ],
    ["a foreign state", (folder) => writeFileSync(join(folder, "state.json"), "{}"), /lacks step or files/],
  ])("refuses %s", async (_, harm, message) => {
    harm(await save(1));
    expect(() => loadCheckpoint(root)).toThrow(message);
    expect(() => loadCheckpoint(root)).toThrow(expect.objectContaining({ code: "CHECKPOINT_INCOMPLETE" }));
  });

  test.each(["optimizer.safetensors", join("model", "weights.bin")])(
    "a bit that flipped in %s is found, and the file named",
    async (name) => {
      const folder = await save(1);
      verifyCheckpoint(folder);
      const bytes = readFileSync(join(folder, name));
      bytes[bytes.length - 1]! ^= 4;
      writeFileSync(join(folder, name), bytes);
      expect(() => verifyCheckpoint(folder)).toThrow(`${name} is damaged: its CRC-32 is`);
      expect(() => verifyCheckpoint(folder)).toThrow(expect.objectContaining({ code: "CHECKPOINT_INCOMPLETE" }));
    },
  );

  test("a checkpoint of an earlier version has no checksums to compare with", async () => {
    const folder = await save(1);
    const state = readFileSync(join(folder, "state.json"), "utf8");
    const earlier = state.replaceAll(/,\s*"crc32": "[0-9a-f]{8}"/g, "");
    expect(earlier).not.toMatch(/crc32/);
    writeFileSync(join(folder, "state.json"), earlier);
    writeFileSync(join(folder, "model", "weights.bin"), "WEIGHTS");
    verifyCheckpoint(folder);
    expect(loadCheckpoint(root).step).toBe(1);
  });

  test("names a folder that holds none", () => {
    expect(() => loadCheckpoint(root)).toThrow(expect.objectContaining({ code: "CHECKPOINT_MISSING", path: root }));
    expect(() => loadCheckpoint(join(root, "absent"))).toThrow(/holds no checkpoint/);
  });
});
