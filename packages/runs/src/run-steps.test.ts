/** A run that is given another number of steps. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeSteps, useSmallRun } from "../test/small-run.ts";
import { readManifest, totalStepsAt } from "./files/manifest.ts";
import { readMetrics } from "./files/metrics.ts";

const small = useSmallRun();
const model = (name = "model") => join(small.outputDir, name, "config.json");

/** As an app ends: the last step, then the model. */
async function finish(totalSteps: number, last = totalSteps) {
  const run = await small.open({}, totalSteps);
  await makeSteps(run, last);
  mkdirSync(run.modelDir);
  writeFileSync(model(), `after ${run.step}`);
  run.end();
}

test("a finished run goes on to more steps, and keeps the model that it had", async () => {
  await finish(8);
  const done = await small.open({}, 8);
  expect(done.done).toBe(true);
  done.end();
  const longer = await small.open({}, 12);
  expect(longer).toMatchObject({ step: 8, done: false, totalSteps: 12, earlierTotalSteps: 8 });
  expect([existsSync(model()), readFileSync(model("model-8"), "utf8")]).toEqual([false, "after 8"]);
  longer.end();
  await finish(12);
  expect(readMetrics(small.outputDir).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(readFileSync(join(small.outputDir, "config.yaml"), "utf8")).toContain("maxSteps: 12");
  const again = await small.open({}, 12);
  expect(again).toMatchObject({ done: true, step: 12 });
  again.end();
});

test("the manifest says how many steps the run was to have at each step", async () => {
  await finish(8);
  for (const totalSteps of [12, 12, 20]) (await small.open({}, totalSteps)).end();
  const half = await small.open({}, 20);
  expect(half.earlierTotalSteps).toBe(12);
  await makeSteps(half, 9);
  half.end();
  const run = await small.open({}, 10);
  expect(run).toMatchObject({ step: 9, totalSteps: 10, earlierTotalSteps: 20 });
  run.end();
  const manifest = readManifest(small.outputDir);
  expect([1, 8, 9, 10].map((step) => totalStepsAt(manifest, step))).toEqual([8, 8, 20, 10]);
});

test("fewer steps than were made, and more without a checkpoint to go on from, are refused", async () => {
  await finish(8);
  await expect(small.open({}, 7)).rejects.toThrow("maxSteps (8, now 7)");
  rmSync(join(small.outputDir, "checkpoints"), { recursive: true });
  await expect(small.open({}, 12)).rejects.toThrow("maxSteps (8, now 12)");
  expect(existsSync(model())).toBe(true);
});

test("another setting beside it is refused still, and nothing is changed", async () => {
  await finish(8);
  await expect(small.open({ seed: 2 }, 12)).rejects.toThrow("seed (1, now 2)");
  expect(readFileSync(join(small.outputDir, "config.yaml"), "utf8")).toContain("maxSteps: 8");
  expect(existsSync(model())).toBe(true);
});
