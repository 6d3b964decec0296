/** Runs that are stopped or killed and resumed leave the files of an unbroken run, byte for byte. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLedger, readManifest, readMetrics, readRollouts, rolloutsFile } from "@videor1/runs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resultsOf } from "./results-of.ts";
import { runCli, signalWhen, startCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "stopped-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const whole = { sft: join(work, "sft"), rl: join(work, "rl") };
let small: SmallData;
beforeAll(async () => {
  small = await makeSmallData(work);
});

/** Two phases of SFT; T-GRPO from the SFT model. */
const validation = (more: string) => `validation={ records: ${small.data}/validation.json, batchSize: 4, ${more} }`;
const settings = {
  sft: () => [
    ...small.sft,
    "data.phases.0.steps=30",
    "data.phases.1.steps=10",
    "checkpoint.everySteps=15",
    validation("everySteps: 4"),
  ],
  rl: () => [
    ...small.rl,
    `model=${whole.sft}/model`,
    "maxSteps=8",
    "checkpoint.everySteps=3",
    validation("everySteps: 2, limit: 6"),
  ],
};

/** All files of a run, without times. */
const results = (folder: string) => ({
  weights: readFileSync(join(folder, "model/model.safetensors")).toString("base64"),
  metrics: readMetrics(folder).map(resultsOf),
  rollouts: existsSync(join(folder, rolloutsFile)) ? readRollouts(folder) : [],
  best: readFileSync(join(folder, "checkpoints/best"), "utf8"),
  ledger: readLedger(folder),
});

describe.each(["sft", "rl"] as const)("%s", (app) => {
  const broken = join(work, `${app}-broken`);
  const start = () => startCli(app, [...settings[app](), `outputDir=${broken}`, "engine.workers=2"]);
  const log = join(broken, "metrics.jsonl");
  const stepsMade = () => (existsSync(log) ? readFileSync(log, "utf8").split("\n").length - 1 : 0);

  test("a whole run, with one worker", async () => {
    const { code, stdout } = await runCli(app, [...settings[app](), `outputDir=${whole[app]}`, "engine.workers=1"]);
    expect(stdout).toContain(`The model: ${whole[app]}/model`);
    expect(code).toBe(0);
  });

  test("Ctrl-C after a step: a checkpoint, exit code 130, and how to go on", async () => {
    const { code, stderr } = await signalWhen(start(), "SIGINT", () => stepsMade() >= 1);
    expect(stderr).toContain("Stopping after this step");
    expect(stderr).toContain("Stopped. The same command goes on from here.");
    expect(code).toBe(130);
    expect(readManifest(broken).ended).toMatchObject({ how: "stopped" });
    const steps = stepsMade();
    expect(readFileSync(join(broken, "checkpoints/latest"), "utf8")).toBe(`checkpoint-${steps}\n`);
    expect(existsSync(join(broken, "model"))).toBe(false);
    expect(existsSync(join(broken, "run.lock"))).toBe(false);
  });

  test.runIf(app === "sft" && process.platform === "linux")("a terminal that is gone: as Ctrl-C", async () => {
    const steps = stepsMade();
    const { code, stderr } = await signalWhen(start(), "SIGHUP", () => stepsMade() > steps);
    expect(stderr).toContain("Stopped. The same command goes on from here.");
    expect(code).toBe(129);
    expect(readFileSync(join(broken, "checkpoints/latest"), "utf8")).toBe(`checkpoint-${stepsMade()}\n`);
  });

  test("killed after its next checkpoint", async () => {
    const steps = stepsMade();
    const { code } = await signalWhen(start(), "SIGKILL", () => {
      const latest = readFileSync(join(broken, "checkpoints/latest"), "utf8");
      return latest !== `checkpoint-${steps}\n` && stepsMade() > steps;
    });
    expect(code).toBeNull();
    expect(existsSync(join(broken, "run.lock"))).toBe(true);
    expect(readManifest(broken).ended).toBeNull();
  });

  test("the same command, with two workers, ends where the whole run ended", async () => {
    const { code, stderr } = await start().ended;
    expect(stderr).not.toMatch(/Error/);
    expect(code).toBe(0);
    expect(results(broken)).toEqual(results(whole[app]));
    expect(readManifest(broken).ended).toMatchObject({ how: "finished" });
  });

  test("it trained: the weights are not those of the start", () => {
    const from = app === "sft" ? small.init : join(whole.sft, "model");
    const weights = (folder: string) => readFileSync(join(folder, "model.safetensors"));
    expect(weights(join(whole[app], "model")).equals(weights(from))).toBe(false);
  });
});

describe.runIf(process.env.LONG_TESTS).each(["rl", "bench"] as const)("%s --verify-resume", (app) => {
  const questions = () => [
    ...["configs/bench/miniature.yaml", `data.records=${small.data}/rl.json`, `data.media.mediaRoot=${small.data}`],
    ...[`model=${whole.sft}/model`, "batchSize=2", "generation.maxCompletionLength=24"],
  ];

  test("two kills at random moments change no byte", async () => {
    const own = app === "rl" ? [...settings.rl(), "maxSteps=4", "checkpoint.everySteps=1"] : questions();
    const outputDir = join(work, `${app}-verified`);
    const { code, stdout } = await runCli(app, [...own, `outputDir=${outputDir}`, "--verify-resume=2"]);
    expect(stdout).toMatch(/^kill 2 of 2: run \d+, [\d.]+ s after its start$/m);
    expect(stdout).toContain("2 of 2 kills changed nothing (seed of the kills: 0)");
    expect(code).toBe(0);
    for (const folder of [`${outputDir}-whole`, `${outputDir}-killed`]) expect(existsSync(folder)).toBe(true);
  });
});

test("validation is told, and the best checkpoint is the one with the least loss", () => {
  const steps = readMetrics(whole.sft);
  const validated = steps.filter((metrics) => "validation/loss" in metrics);
  expect(validated.map(({ step }) => step)).toEqual([4, 8, 12, 16, 20, 24, 28, 32, 36, 40]);
  const [best] = validated.toSorted((a, b) => a["validation/loss"]! - b["validation/loss"]!);
  expect(best!["validation/loss"]).toBeLessThan(0.5 * validated[0]!["validation/loss"]!);
  expect(results(whole.sft).best).toBe(`checkpoint-${best!.step}\n`);
  expect(existsSync(join(whole.sft, `checkpoints/checkpoint-${best!.step}/model.safetensors`))).toBe(true);
  const answered = readMetrics(whole.rl).map((metrics) => "validation/accuracy" in metrics);
  expect(answered).toEqual([false, true, false, true, false, true, false, true]);
});

test("rewards differed, so that T-GRPO had something to learn from", () => {
  const steps = readMetrics(whole.rl);
  expect(Math.max(...steps.map((metrics) => metrics["reward/std"]!))).toBeGreaterThan(0);
});
