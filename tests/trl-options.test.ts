/** A run with TRL's further options: advantages over the batch, one ratio for a sequence, a bound on it, weights for the sampler. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMetrics, readRollouts } from "@videor1/runs";
import { standardDeviation } from "@videor1/statistics";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "trl-options-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
let small: SmallData;
beforeAll(async () => {
  small = await makeSmallData(work);
});

/** A reward that differs among the answers of a model that knows nothing. */
const rewards = "rewards={ functions: [tests/rewards/first-token.mjs] }";
const settings = (name: string) => [
  ...small.rl,
  `model=${small.init}`,
  `outputDir=${join(work, name)}`,
  "maxSteps=2",
  rewards,
  "tgrpo.advantage={ scale: batch }",
  "loss={ iterations: 2, importanceSamplingLevel: sequence, delta: 1.5, useBiasCorrectionKl: true, importanceSampling: token_mask }",
  "optimizer.learningRate=3e-3",
];

const weights = (name: string) => readFileSync(join(work, name, "model/model.safetensors")).toString("base64");

test("advantages are divided by the deviation of the step; workers change nothing; replay agrees", async () => {
  const one = await runCli("rl", [...settings("one"), "engine.workers=1"]);
  expect(one.stderr).not.toMatch(/Error/);
  expect(one.code).toBe(0);
  for (const step of [1, 2]) {
    const groups = readRollouts(join(work, "one")).filter((group) => group.step === step);
    expect(groups).toHaveLength(2);
    const divisor =
      standardDeviation(
        groups.flatMap(({ ordered }) => ordered.map(({ reward }) => reward)),
        1,
      ) + 1e-4;
    for (const { ordered } of groups) {
      const mean = ordered.reduce((sum, { reward }) => sum + reward, 0) / ordered.length;
      for (const { reward, advantage } of ordered) expect(advantage).toBeCloseTo((reward - mean) / divisor, 9);
    }
  }
  const metrics = readMetrics(join(work, "one"))[1]! as Record<string, number>;
  expect(metrics.clipFraction).toBeGreaterThan(0);
  const mismatch = metrics["sampling/samplingLogpDifference/max"]!; // of one policy, by two ways through its kernels
  expect(mismatch).toBeGreaterThan(0);
  expect(mismatch).toBeLessThan(1e-4);
  expect(metrics["sampling/importanceSamplingRatio/mean"]).toBeCloseTo(1, 5);
  expect(metrics["sampling/cutShare"]).toBe(0);
  expect((await runCli("rl", [...settings("two"), "engine.workers=2"])).code).toBe(0);
  expect(weights("two") === weights("one")).toBe(true);
  const replayed = await runCli("replay", [join(work, "one"), "2"]);
  expect(replayed.stdout).toMatch(/all metrics agree/);
  expect(replayed.code).toBe(0);
});
