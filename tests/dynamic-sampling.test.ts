/** Dynamic sampling replaces prompts whose answers are all right or all wrong: the same after a kill and with more workers. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLedger, readMetrics, readRollouts } from "@videor1/runs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resultsOf } from "./results-of.ts";
import { runCli, signalWhen, startCli } from "./run-cli.ts";
import { makeSmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "dynamic-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const [whole, broken] = [join(work, "whole"), join(work, "broken")];
let settings: string[];
beforeAll(async () => {
  const small = await makeSmallData(work);
  const sft = ["data.phases.0.steps=40", "data.phases.1.steps=20", `outputDir=${join(work, "sft")}`];
  expect(await runCli("sft", [...small.sft, ...sft])).toMatchObject({ code: 0 });
  settings = [
    ...[...small.rl, `model=${join(work, "sft/model")}`, "rollout.dynamicSampling={ enabled: true, maxRounds: 3 }"],
    ...["promptsPerStep=3", "gradientAccumulationSteps=2", "maxSteps=8", "checkpoint.everySteps=2"],
  ];
});

const metrics = (folder: string) => readMetrics(folder).map(resultsOf);

test("every prompt that was drawn ends once, trained or without signal", async () => {
  const { code, stdout } = await runCli("rl", [...settings, `outputDir=${whole}`, "engine.workers=1"]);
  expect(code).toBe(0);
  const flat = readRollouts(whole).filter(({ ordered }) => ordered.every(({ advantage }) => advantage === 0));
  expect(flat.length).toBeGreaterThan(0);
  expect(flat.length).toBeLessThan(readRollouts(whole).length);
  expect(readLedger(whole)).toMatchObject(flat.map(({ step, problemId }) => ({ step, problemId, code: "NO_SIGNAL" })));
  expect(stdout).toMatch(/skipped +\d+ {2}NO_SIGNAL/);
  expect(metrics(whole).at(-1)).toMatchObject({
    trained: readRollouts(whole).length - flat.length,
    skipped: flat.length,
  });
});

test("a step draws until three prompts have a signal, or three times", () => {
  for (const { step, samplingRounds, ...values } of metrics(whole)) {
    const own = readRollouts(whole).filter((group) => group.step === step);
    const kept = own.filter(({ ordered }) => ordered.some(({ advantage }) => advantage !== 0));
    expect(Math.max(...own.map(({ round }) => round)) + 1).toBe(samplingRounds);
    expect(kept.length).toBeLessThanOrEqual(3);
    if (samplingRounds! < 3) expect(kept).toHaveLength(3);
    expect(values["group/noSignal"]).toBeCloseTo(1 - kept.length / own.length, 12);
    expect(values.loss === undefined).toBe(kept.length === 0);
  }
  expect(metrics(whole).some(({ samplingRounds }) => samplingRounds! > 1)).toBe(true);
});

test.runIf(process.env.LONG_TESTS)(
  "killed in the middle and gone on with, with two workers, it ends with the same bytes",
  async () => {
    const start = () => startCli("rl", [...settings, `outputDir=${broken}`, "engine.workers=2"]);
    await signalWhen(start(), "SIGKILL", () => existsSync(join(broken, "checkpoints/checkpoint-4")));
    expect((await start().ended).code).toBe(0);
    const files = (folder: string) => ({
      weights: readFileSync(join(folder, "model/model.safetensors")).toString("base64"),
      metrics: metrics(folder),
      rollouts: readFileSync(join(folder, "rollouts.jsonl"), "utf8"),
      ledger: readFileSync(join(folder, "ledger.jsonl"), "utf8"),
    });
    expect(files(broken)).toEqual(files(whole));
  },
);
