import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { config, makeSteps, useSmallRun } from "../test/small-run.ts";
import { writeFolder } from "./durable.ts";
import { readManifest } from "./files/manifest.ts";

const small = useSmallRun();

test("the manifest tells every process and stands at the newest checkpoint; TensorBoard's file has every line", async () => {
  const manifest = () => readManifest(small.outputDir);
  const engine = { backend: "torch", device: "cpu", reason: "asked for" };
  const first = await small.open();
  first.setEngine(engine);
  await makeSteps(first, 4);
  first.end();
  expect(manifest()).toMatchObject({ config, step: 3, totalSteps: 8, ledger: { trained: 12, byCode: {} } });
  const second = await small.open();
  await makeSteps(second, 8);
  await writeFolder(second.modelDir, async (folder) => writeFileSync(join(folder, "config.json"), "{}"));
  second.end();
  expect(manifest()).toMatchObject({ step: 8, ledger: { trained: 30, byCode: { MEDIA_UNREADABLE: 2 } } });
  expect(manifest().processes).toMatchObject([
    { fromStep: 0, engine },
    { fromStep: 3, engine: null },
  ]);

  const [events, ...others] = readdirSync(small.outputDir).filter((name) => name.startsWith("events.out.tfevents."));
  expect(others).toEqual([]);
  const tags = readFileSync(join(small.outputDir, events!), "latin1").match(/loss|trained/g)!;
  const ofSteps = Array.from({ length: tags.length / 2 }, (_, i) => tags.slice(2 * i, 2 * i + 2).sort());
  expect(ofSteps).toEqual(Array.from({ length: 8 }, () => ["loss", "trained"]));

  const before = manifest();
  (await small.open()).end(); // done: nothing is touched
  expect(manifest()).toEqual(before);
  expect(readdirSync(small.outputDir)).toContain(events);
});

describe("how a run ended", () => {
  const ended = () => readManifest(small.outputDir).ended;

  test("finished, once its last step is made", async () => {
    const run = await small.open();
    expect(ended()).toBeNull();
    await makeSteps(run, 8);
    run.end();
    expect(ended()).toEqual({ at: expect.any(String), how: "finished" });
  });

  test("stopped by a signal, and nothing while it goes on", async () => {
    const run = await small.open();
    await makeSteps(run, 3);
    run.end(new DOMException("Stopped", "AbortError"));
    expect(ended()).toEqual({ at: expect.any(String), how: "stopped" });
    const resumed = await small.open();
    expect(ended()).toBeNull();
    resumed.end();
    expect(ended()).toMatchObject({ how: "stopped" });
  });

  test("failed, with code and message", async () => {
    const run = await small.open({ onNonFinite: "stop" });
    try {
      run.skipStep({ problemIds: [7], reason: "The loss is NaN", others: [] });
    } catch (error) {
      run.end(error);
    }
    expect(ended()).toMatchObject({
      how: "failed",
      code: "NON_FINITE_STEP",
      message: expect.stringContaining("The loss is NaN"),
    });
    expect(existsSync(join(small.outputDir, "run.lock"))).toBe(false);
  });

  test("a manifest that cannot be written hides no error, and the folder is free again", async () => {
    const run = await small.open();
    rmSync(join(small.outputDir, "manifest.json"));
    mkdirSync(join(small.outputDir, "manifest.json/in-the-way"), { recursive: true });
    run.end(new Error("the first error"));
    expect(existsSync(join(small.outputDir, "run.lock"))).toBe(false);
  });
});
