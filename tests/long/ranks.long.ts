/** Ranks that are killed and stopped at any moment leave, when all are started again, the files of one process. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { randomStream } from "@videor1/random";
import { readMetrics, readRollouts } from "@videor1/runs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resultsOf } from "../results-of.ts";
import { runCli } from "../run-cli.ts";
import { makeSmallData, type SmallData } from "../small-data.ts";
import { startRanks } from "../start-ranks.ts";

const work = mkdtempSync(join(tmpdir(), "ranks-killed-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
let small: SmallData;
let wholeMs: number;
beforeAll(async () => {
  small = await makeSmallData(work);
});

/** The model is random: rules alone reward no answer. */
const reward = join(import.meta.dirname, "../rewards/first-token.mjs");
const settings = (outputDir: string) => [
  ...small.rl,
  `model=${small.init}`,
  ...[
    "engine.backend=torch",
    "engine.workers=1",
    "engine.timeoutSeconds=40",
    "maxSteps=8",
    "promptsPerStep=6",
    "gradientAccumulationSteps=6",
  ],
  ...["rollout.numGenerations=2", "checkpoint.everySteps=2", `rewards=${reward}`, `outputDir=${outputDir}`],
];
const results = (folder: string) => ({
  weights: readFileSync(join(folder, "model/model.safetensors")).toString("base64"),
  metrics: readMetrics(folder).map(resultsOf),
  rollouts: readRollouts(folder),
});
const whole = join(work, "whole");

test("a run of one process", async () => {
  const began = performance.now();
  expect(await runCli("rl", settings(whole))).toMatchObject({ code: 0 });
  wholeMs = performance.now() - began;
});

test.each(["SIGKILL", "SIGTERM"] as const)(
  "%s to each rank in turn, at random moments, on 3 and 2 ranks",
  async (signal) => {
    const folder = join(work, signal);
    const moments = randomStream(7, signal);
    for (const [round, size] of [3, 2, 3, 2].entries()) {
      const { children, ended } = await startRanks("rl", size, settings(folder));
      await Promise.race([sleep(500 + moments.next() * wholeMs), ended]);
      children[round % size]!.kill(signal);
      const ends = await ended;
      const isDone = existsSync(join(folder, "model/config.json"));
      if (!isDone)
        expect(
          ends.every(({ code }) => code !== 0),
          JSON.stringify(ends),
        ).toBe(true);
    }
    const { ended } = await startRanks("rl", 3, settings(folder));
    for (const { code, output } of await ended) expect(code, output).toBe(0);
    expect(results(folder)).toEqual(results(whole));
  },
);
