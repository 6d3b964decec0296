/** `--plan` from the command line, of every shipped config, and against what was measured on an H200. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "@videor1/cli";
import { parseConfig, publishedConfig } from "@videor1/model-qwen25vl";
import { RlConfig, planOf as rlPlanOf } from "@videor1/rl";
import { SftConfig, planOf as sftPlanOf } from "@videor1/sft";
import { describe, expect, test } from "vitest";
import { sizes } from "../apps/gpu-check/src/sizes.ts";
import { cardNamed, cardsNamed } from "../packages/plan/src/cards.ts";
import { type Job, makePlan, type Plan, settingsFor } from "../packages/plan/src/index.ts";
import { phasesOf } from "../packages/plan/src/phases.ts";
import { secondsOf } from "../packages/plan/src/step-seconds.ts";
import { root, runCli } from "./run-cli.ts";

const h200 = { card: cardNamed("h200") };
const sum = (bytes: Plan["bytes"]) => Object.values(bytes).reduce((total, part) => total + part, 0);

const configs = (["sft", "rl"] as const).flatMap((app) =>
  readdirSync(join(root, "configs", app))
    .filter((file) => file.includes("7b"))
    .map((file) => ({ app, file: join("configs", app, file) })),
);

describe.each(configs)("$file", ({ app, file }) => {
  const planned = async (card: string, overrides: string[] = []) => {
    const path = join(root, file);
    const run =
      app === "sft"
        ? sftPlanOf(loadConfig(SftConfig, path, overrides))
        : rlPlanOf(loadConfig(RlConfig, path, overrides));
    const machine = cardsNamed(card);
    const job = (run.jobOf as (config: unknown) => Job)(run.config);
    return {
      plan: await makePlan(job, machine),
      settings: () => settingsFor(run as ReturnType<typeof rlPlanOf>, machine),
    };
  };

  test("fits on an H200, and its kinds add up", async () => {
    const { plan } = await planned("h200");
    expect(plan.lacks).toEqual([]);
    expect(sum(plan.bytes)).toBeCloseTo(plan.needed, -1);
    expect(plan.needed).toBe(Math.max(...Object.values(plan.phases)));
  });

  test.skipIf(!file.endsWith("rl/qwen25vl-7b.yaml"))("fits on four cards of 96 GB, and on eight of 80", async () => {
    for (const cards of ["4xh20", "8xa100-80gb"]) {
      const { plan } = await planned(cards, ["promptsPerStep=8", "gradientAccumulationSteps=8"]);
      expect(plan.lacks).toEqual([]);
      expect(sum(plan.bytes)).toBeCloseTo(plan.needed, -1);
    }
    expect((await planned("a100-80gb")).plan.lacks).toEqual(["memory"]);
  });

  test("on a card of 48 GB it fits, or with the settings that are named", async () => {
    const { plan, settings } = await planned("48GB");
    if (file.includes("lora")) return expect(plan.lacks).toEqual([]);
    expect(plan.lacks).toEqual(["memory"]);
    const alternatives = await settings();
    expect(alternatives.length).toBeGreaterThan(0);
    for (const together of alternatives) {
      const overrides = together.map((setting) => setting.replaceAll('"', ""));
      expect((await planned("48GB", overrides)).plan.lacks, together.join(" ")).toEqual([]);
    }
  });
});

describe("against docs/results/qwen25vl-7b_h200_2026-11-29.md", () => {
  const sft: Job = {
    model: publishedConfig("Qwen2.5-VL-7B-Instruct"),
    dtype: "bfloat16",
    gradientCheckpointing: true,
    trainable: "all",
    optimizer: { moments: "float32" },
    steps: 12,
    workers: 1,
    sharding: { zeroStage: 2, bucketMegabytes: 200 },
    parts: 1,
    promptsPerStep: 1,
    prompt: { kind: "video", grid: [8, 16, 32], textTokens: 300 },
    completionTokens: 400,
    wholeConversation: false,
    checkpoints: 2,
  };
  const rl = (completions: number, shuffled: number): Partial<Job> => ({
    completionTokens: 768,
    rl: { completions, shuffled, contrast: false, reference: "none", iterations: 1 },
  });

  test("memory of the SFT steps: each kind, and nvidia-smi's peak", async () => {
    const { bytes, needed, disk } = await makePlan(sft, h200);
    const GB = 1e9;
    expect(bytes.weights / GB).toBeCloseTo(16.6, 1);
    expect(bytes.gradients / GB).toBeCloseTo(16.6, 1);
    expect(bytes.moments / GB).toBeCloseTo(66.3, 1);
    expect(disk.checkpoint / GB).toBeCloseTo(99.5, 1);
    // that run had master weights of 4 bytes instead of 2; it also held attention's masks and repeated keys, which the bound leaves room for
    const then = needed + (bytes.masters * needed) / (needed - bytes.runtime);
    expect(Math.abs(then / (135_101 * 2 ** 20) - 1)).toBeLessThan(0.01);
  });

  test.each([
    { what: "gradients of one record", job: {}, phase: "gradients", seconds: 0.53 },
    { what: "update", job: {}, phase: "update", seconds: 0.21 },
    { what: "8 + 4 samples of one prompt", job: rl(8, 4), phase: "sampling", seconds: 9.2 },
    { what: "gradients of one prompt", job: rl(8, 4), phase: "gradients", seconds: 1.7 },
    {
      what: "gradients of 8 x 2,092 tokens",
      job: { promptsPerStep: 8, completionTokens: 768 },
      phase: "gradients",
      seconds: 5.3,
    },
    { what: "1 row", job: rl(1, 0), phase: "sampling", seconds: 0.074 + 768 * 0.0082 },
    { what: "12 rows of one prompt", job: rl(12, 0), phase: "sampling", seconds: 0.074 + 768 * 0.0094 },
    { what: "48 rows of one prompt", job: rl(48, 0), phase: "sampling", seconds: 0.074 + 768 * 0.0111 },
    {
      what: "48 rows of four",
      job: { ...rl(12, 0), promptsPerStep: 4 },
      phase: "sampling",
      seconds: 0.3 + 768 * 0.0137,
    },
    {
      what: "96 rows of eight",
      job: { ...rl(12, 0), promptsPerStep: 8 },
      phase: "sampling",
      seconds: 0.6 + 768 * 0.0188,
    },
  ] as const)("seconds within a factor of 1.25: $what", async ({ job, phase, seconds }) => {
    const changed: Job = { ...sft, ...job };
    const estimate = secondsOf(changed, await phasesOf(changed), h200, undefined)!.step[phase]!;
    expect(Math.max(estimate / seconds, seconds / estimate)).toBeLessThan(1.25);
  });
});

test("gpu-check's 7B has the published sizes", () => {
  const { text, vision } = publishedConfig("Qwen2.5-VL-7B-Instruct");
  expect(parseConfig(sizes["7b"]!.config)).toMatchObject({ text, vision });
});

test("--plan prints the count and ends with 1 and the settings that fit, with no file but the config", async () => {
  const { code, stdout } = await runCli("sft", ["configs/sft/qwen25vl-7b.yaml", "--plan=48GB"]);
  expect(code).toBe(1);
  expect(stdout).toContain("is not there: counted as Qwen2.5-VL-7B-Instruct");
  expect(stdout).toMatch(/ {2}moments +66\.3\n/);
  expect(stdout).toMatch(/It does not fit: \d+ GB on a card of 48 GB, which has 48\.0\.\nIt fits with /);
  const fits = await runCli("rl", ["configs/rl/qwen25vl-7b-lora.yaml", "--plan=48GB"]);
  expect(fits).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/\nIt fits, with \d+ % of the memory to spare\.\n$/),
  });
});

test("an unknown card, and a model that no size is known of", async () => {
  const card = await runCli("rl", ["configs/rl/qwen25vl-7b.yaml", "--plan=h300"]);
  expect(card).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('No card is named "h300"\nGive one of h200,'),
  });
  const model = await runCli("rl", ["configs/rl/qwen25vl-7b.yaml", "model=nowhere", "--plan=h200"]);
  expect(model).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("nowhere/config.json: there is no such file"),
  });
});
