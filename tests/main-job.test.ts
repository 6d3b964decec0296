/** The whole main job at smoke size, through the command line. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMetrics, readRollouts } from "@videor1/runs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliResult, runCli } from "./run-cli.ts";

const work = mkdtempSync(join(tmpdir(), "main-job-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

const run = join(work, "run");
const start = (...more: string[]) => runCli("miniature", ["configs/miniature-smoke.yaml", `runDir=${run}`, ...more]);
let first: CliResult;
beforeAll(async () => {
  first = await start();
});

test("ends well and names its report", () => {
  expect(first.stderr).not.toMatch(/Error/);
  expect(first.code).toBe(0);
  expect(first.stdout).toContain(`The report: ${join(run, "report.html")}`);
  expect(existsSync(join(run, "report.html"))).toBe(true);
});

test("its data go through the data tools", () => {
  expect(first.stdout).toContain("curate: 42 of the 48 records of rl.json, those about a video");
  for (const file of ["sft-reason.json: 240", "rl.json: 48", "eval_miniature.json: 40", "validation.json: 20"])
    expect(first.stdout).toContain(`lint: ${file} records, no finding`);
  expect(first.stdout).toContain(`inspect: ${join(run, "data/records.html")}`);
  for (const name of ["rl-videos.json.recipe.yaml", "records.html"])
    expect(existsSync(join(run, "data", name))).toBe(true);
});

test("SFT lowers the loss", () => {
  const losses = readMetrics(join(run, "sft")).map(({ loss }) => loss!);
  expect(losses).toHaveLength(50);
  expect(mean(losses.slice(30, 40))).toBeLessThan(0.3 * mean(losses.slice(0, 5)));
});

test("every record that was drawn ends once", () => {
  const last = readMetrics(join(run, "sft")).at(-1)!;
  expect(last).toMatchObject({ trained: 50 * 16, failed: 0 });
});

test.each([
  { arm: "grpo", half: 0 },
  { arm: "tgrpo", half: 4 },
  { arm: "contrast", half: 0 },
])("rollouts of $arm hold what the metrics say", ({ arm, half }) => {
  const groups = readRollouts(join(run, "rl", arm));
  const steps = readMetrics(join(run, "rl", arm));
  expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  for (const metrics of steps) {
    const answers = groups.filter(({ step }) => step === metrics.step).map(({ ordered }) => ordered);
    expect(answers).toHaveLength(4);
    expect(mean(answers.flat().map(({ accuracy }) => accuracy))).toBeCloseTo(metrics["reward/accuracy"]!, 12);
    expect(mean(answers.flat().map(({ reward }) => reward))).toBeCloseTo(metrics["reward/total"]!, 12);
    for (const group of answers) expect(mean(group.map(({ advantage }) => advantage))).toBeCloseTo(0, 6);
  }
  for (const { dataType, ordered, shuffled } of groups) {
    expect(ordered).toHaveLength(8);
    expect(shuffled).toHaveLength(dataType === "video" ? half : 0);
  }
});

test("the trained models are Hugging Face folders", () => {
  for (const stage of ["sft", "rl/grpo", "rl/tgrpo", "rl/contrast"])
    for (const file of ["config.json", "model.safetensors", "tokenizer.json", "preprocessor_config.json"])
      expect(existsSync(join(run, stage, "model", file)), `${stage}/model/${file}`).toBe(true);
});

test("the same command again repeats nothing and gives the same table", async () => {
  const again = await start();
  expect(again.code).toBe(0);
  expect(again.stdout).toContain(`${run}/data is there already`);
  expect(again.stdout).toContain(`${run}/sft holds a finished run`);
  for (const arm of ["grpo", "tgrpo", "contrast"])
    expect(again.stdout).toContain(`${run}/rl/${arm} holds a finished run`);
  const table = ({ stdout }: CliResult) => stdout.slice(stdout.indexOf("[8/8]"), stdout.indexOf("The report:"));
  expect(table(first)).toContain("all tasks");
  expect(table(again)).toBe(table(first));
});

test("npm run report makes a page of the same numbers, and of any run alone", async () => {
  const page = join(work, "page.html");
  const whole = await runCli("report", [run, `--out=${page}`]);
  expect(whole).toMatchObject({ code: 0, stdout: expect.stringContaining(`The report: ${page}`) });
  expect(whole.stdout).toMatch(/contrast − grpo +tgrpo − grpo/);
  /** n, after SFT, and grpo of the last row. */
  const numbers = ({ stdout }: CliResult) => stdout.match(/^all tasks +(\S+) +(\S+) +(\S+)/m)!.slice(1);
  expect(numbers(whole)).toEqual(numbers(first));
  const alone = await runCli("report", [join(run, "rl/tgrpo"), `--out=${page}`]);
  expect(alone).toMatchObject({ code: 0, stdout: `The report: ${page}\n` });
  expect(readFileSync(page, "utf8")).toContain("1 run of RL: tgrpo, 6 steps.");
  const wrong = await runCli("report", [join(run, "data")]);
  expect(wrong.stderr).toMatch(/no RL run in it or below\nAn RL run is a folder with/);
  expect(wrong.code).toBe(1);
});

describe("bench", () => {
  const predictions = "sft.predictions.jsonl";
  const again = (...more: string[]) =>
    runCli("bench", [join(run, "bench/sft/config.yaml"), `outputDir=${join(work, "bench")}`, ...more]);

  test("goes on after the answers that are there, to the same predictions", async () => {
    const folder = join(work, "bench/sft");
    mkdirSync(folder, { recursive: true });
    for (const name of ["config.yaml", "inputs.json"]) copyFileSync(join(run, "bench/sft", name), join(folder, name));
    const kept = readFileSync(join(run, "bench/sft/ordered.jsonl"), "utf8").split("\n").slice(0, 20).join("\n");
    writeFileSync(join(folder, "ordered.jsonl"), `${kept}\n{"problemId": 1, cut sho`);
    const { code, stderr, stdout } = await again("engine.workers=1");
    expect(stderr).toContain("ordered frames 20/40");
    expect(stdout).toMatch(/40 records, 0 failed/);
    expect(code).toBe(0);
    expect(readFileSync(join(folder, "ordered.jsonl"), "utf8").startsWith(kept)).toBe(true);
    expect(readFileSync(join(work, "bench", predictions), "utf8")).toBe(
      readFileSync(join(run, "bench", predictions), "utf8"),
    );
  });

  test("refuses to mix the answers of two models", async () => {
    const { code, stderr } = await again(`model=${join(run, "rl/tgrpo/model")}`);
    expect(stderr).toMatch(/bench\/sft holds results of other settings: model \(.*\)\nChoose another output folder/);
    expect(code).toBe(1);
  });
});

test("other data in the same folder is refused before anything is lost", async () => {
  const { code, stderr } = await start("data.cue.rl=0.5");
  expect(stderr).toMatch(new RegExp(`${run} holds results of other settings: data\\.`));
  expect(code).toBe(1);
  expect(existsSync(join(run, "data/rl.json"))).toBe(true);
});

test("settings of rl on the command line reach every arm, each of which refuses other settings", async () => {
  const { code, stderr } = await start("rl.loss.beta=0.07");
  expect(stderr).toMatch(
    new RegExp(`${run}/rl/grpo holds results of other settings: loss.beta \\(\\S+, now 0.07\\)\n`),
  );
  expect(code).toBe(1);
});

test.each([
  { setting: "arms.sft=[]", message: /arms\.sft.*the evaluation after SFT has that name/ },
  { setting: "arms={}", message: /arms.*needs one arm or more/ },
  { setting: "arms.other=[tgrpo.tempral=none]", message: /did you mean "temporal"/ },
])("$setting is refused", async ({ setting, message }) => {
  const { code, stderr, stdout } = await start(`runDir=${join(work, "other")}`, setting);
  expect(stderr).toMatch(message);
  expect(stdout).toBe("");
  expect(code).toBe(1);
});

test("a mistake in a late stage's settings is found before the first stage", async () => {
  const { code, stderr, stdout } = await start(`runDir=${join(work, "other")}`, "rl.maxStep=3");
  expect(stderr).toMatch(/maxStep=3.*did you mean "maxSteps"/);
  expect(stdout).toBe("");
  expect(code).toBe(1);
});
