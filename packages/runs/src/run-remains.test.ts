import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeSteps, useSmallRun } from "../test/small-run.ts";
import { writeFolder } from "./durable.ts";

const small = useSmallRun();
const remove = (name: string) => rmSync(join(small.outputDir, name), { recursive: true });
const contents = () =>
  Object.fromEntries(
    readdirSync(small.outputDir)
      .filter((name) => /\.(yaml|jsonl?)$/.test(name))
      .map((name) => [name, readFileSync(join(small.outputDir, name), "utf8")]),
  );

async function finishedRun() {
  const run = await small.open();
  await makeSteps(run, 8);
  await writeFolder(run.modelDir, async (folder) => writeFileSync(join(folder, "config.json"), "{}"));
  run.end();
}

test("a finished run without its checkpoints stays finished, and nothing of it is touched", async () => {
  await finishedRun();
  remove("checkpoints");
  const before = contents();
  const again = await small.open();
  expect(again).toMatchObject({ done: true, step: 8 });
  expect(again.ledger.counts()).toEqual({ trained: 30, skipped: 0, failed: 2 });
  again.end();
  expect(contents()).toEqual(before);
  await expect(small.open({ seed: 2 })).rejects.toMatchObject({ changed: ["seed"] });
  expect(contents()).toEqual(before);
});

test("the same without its manifest, or without its metrics", async () => {
  await finishedRun();
  for (const name of ["checkpoints", "manifest.json", "metrics.jsonl"]) {
    remove(name);
    const again = await small.open();
    expect(again.done, name).toBe(true);
    again.end();
    await expect(small.open({ seed: 2 }), name).rejects.toMatchObject({ changed: ["seed"] });
  }
});

test("an unfinished run whose checkpoints are gone is refused, not begun again", async () => {
  const run = await small.open();
  await makeSteps(run, 5);
  run.end();
  remove("checkpoints");
  const before = contents();
  await expect(small.open()).rejects.toMatchObject({
    code: "CHECKPOINT_MISSING",
    message: expect.stringContaining("checkpoint of step 3 is gone"),
  });
  remove("manifest.json");
  await expect(small.open()).rejects.toMatchObject({ code: "CHECKPOINT_MISSING" });
  expect({ ...contents(), "manifest.json": before["manifest.json"] }).toEqual(before);
});

test.each(["config.yaml", "inputs.json"])("results without %s are refused", async (name) => {
  const run = await small.open();
  await makeSteps(run, 3);
  run.end();
  remove(name);
  await expect(small.open()).rejects.toMatchObject({
    code: "RUN_FILE_MISSING",
    path: join(small.outputDir, name),
    hint: expect.stringMatching(/^Restore the file/),
  });
});
