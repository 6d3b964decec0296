/** A run on torch begins with its plan, and is refused if it cannot fit. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { torch, whyNot } from "../packages/tfjs-backend-torch/test/torch.ts";
import { runCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "plan-run-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
let small: SmallData;
beforeAll(async () => {
  small = await makeSmallData(work);
});

describe.skipIf(!torch)(`a run that is planned${whyNot}`, () => {
  const onTorch = ["engine.backend=torch", "engine.device=cpu", "engine.workers=1"];
  const sft = (name: string, ...more: string[]) => [
    ...[...small.sft, ...onTorch, "data.phases.0.steps=1", "data.phases.1.steps=1", "batchSize=2"],
    ...[`outputDir=${join(work, name)}`, ...more],
  ];
  const rl = (name: string, ...more: string[]) => [
    ...[...small.rl, ...onTorch, `model=${small.init}`, "maxSteps=1", `outputDir=${join(work, name)}`, ...more],
  ];

  test("its first line is the sum", async () => {
    const sum =
      /^Plan: 0\.\d+ of the \S+ GB of this processor, 0\.\d+ GB of disk of \S+ free; --plan shows the count\n/;
    expect(await runCli("sft", sft("sft"))).toMatchObject({ code: 0, stdout: expect.stringMatching(sum) });
    expect(await runCli("rl", rl("rl"))).toMatchObject({ code: 0, stdout: expect.stringMatching(sum) });
  });

  test("refused for want of disk, in one message with the setting that fits, which then goes on in the same folder", async () => {
    const keep = "checkpoint.keep=1000000000";
    const refused = await runCli("rl", rl("full", keep));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /^The run does not fit: \d+ GB of disk for checkpoints and the model, \S+ are free\.\nIt fits with checkpoint\.keep=1\. --plan shows the count, --ignore-plan starts in spite of it\.\n$/,
    );
    expect(await runCli("rl", rl("full", "checkpoint.keep=1"))).toMatchObject({ code: 0 });
    const ignored = await runCli("sft", [...sft("ignored", keep), "--ignore-plan"]);
    expect(ignored).toMatchObject({ code: 0, stdout: expect.stringContaining("\nWarning: it does not fit: ") });
  });

  test("more prompts than any memory holds are counted, not made", async () => {
    const many = ["promptsPerStep=100000", "gradientAccumulationSteps=1"];
    const { code, stderr } = await runCli("rl", rl("many", ...many));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The run does not fit: \d+ GB on this processor, which has \S+\.\nIt fits with /);
  });
});
