/** Processes that one launcher started make the run of one process, byte for byte. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLedger, readMetrics, readRollouts } from "@videor1/runs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resultsOf } from "./results-of.ts";
import { runCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";
import { startRanks } from "./start-ranks.ts";

const work = mkdtempSync(join(tmpdir(), "ranks-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
let small: SmallData;
beforeAll(async () => {
  small = await makeSmallData(work);
});

const results = (folder: string) => ({
  weights: readFileSync(join(folder, "model/model.safetensors")).toString("base64"),
  metrics: readMetrics(folder).map(resultsOf),
  rollouts: readRollouts(folder),
  ledger: readLedger(folder),
  validation: readFileSync(join(folder, "validation.jsonl"), "utf8"),
});

const hasTorch = await import("@videor1/tfjs-backend-torch").then(
  () => true,
  () => false,
);

test.runIf(hasTorch)("two ranks of T-GRPO leave the files of one process, a broken clip included", async () => {
  writeFileSync(join(small.data, JSON.parse(readFileSync(join(small.data, "rl.json"), "utf8"))[1].path), "no video");
  const settings = [
    ...small.rl,
    `model=${small.init}`,
    ...["engine.backend=torch", "engine.workers=1", "maxSteps=2", "promptsPerStep=4", "gradientAccumulationSteps=4"],
    ...["rollout.numGenerations=2", "rollout.dynamicSampling={ enabled: true, maxRounds: 2 }", "maxFailedShare=1"],
    `rewards=${join(import.meta.dirname, "rewards/first-token.mjs")}`, // the model is random: rules alone reward no answer
    `validation={ records: ${small.data}/validation.json, batchSize: 2, everySteps: 2, limit: 5 }`,
  ];
  const [one, two] = [join(work, "one"), join(work, "two")];
  const alone = runCli("rl", [...settings, `outputDir=${one}`]);
  const ranks = await (await startRanks("rl", 2, [...settings, `outputDir=${two}`])).ended;
  expect(
    ranks.map(({ code }) => code),
    ranks.map(({ output }) => output).join("\n"),
  ).toEqual([0, 0]);
  expect(await alone).toMatchObject({ code: 0 });
  expect(results(two)).toEqual(results(one));
  expect(Math.max(...results(one).metrics.map(({ gradNorm }) => gradNorm ?? 0))).toBeGreaterThan(0); // or nothing was trained
  expect(ranks[0]!.output).toContain("on 2 x torch");
  expect(ranks[1]!.output.replace(/^Rank 1 waits for the other ranks.*\n/gm, "")).toBe(""); // said on a slow machine alone
});
