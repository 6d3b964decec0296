/** Training on wasm and on torch from the same weights and data has the same loss curve. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { torch, whyNot } from "../packages/tfjs-backend-torch/test/torch.ts";
import { compareRuns } from "../scripts/compare-runs.ts";
import { runCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "engines-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe.skipIf(!torch)(`wasm and torch train alike${whyNot}`, () => {
  let small: SmallData;
  beforeAll(async () => {
    small = await makeSmallData(work);
  });

  const folder = (app: string, backend: string) => join(work, `${app}-${backend}`);

  /** The same run on both engines. */
  async function train(app: "sft" | "rl", args: readonly string[]) {
    for (const backend of ["wasm", "torch"]) {
      const engine = [`engine.backend=${backend}`, "engine.threads=1", `outputDir=${folder(app, backend)}`];
      expect(await runCli(app, [...args, ...engine])).toMatchObject({ code: 0 });
    }
    return compareRuns(folder(app, "wasm"), folder(app, "torch"));
  }

  test("SFT: every loss and gradient norm equal to 1e-3, relative", async () => {
    const args = [...small.sft, "data.phases.0.steps=20", "data.phases.1.steps=5", "seed=1"];
    const { equalSteps, loss, gradNorm } = await train("sft", args);
    expect(equalSteps).toBe(25);
    expect(loss.relative).toBeLessThan(1e-3);
    expect(gradNorm.relative).toBeLessThan(1e-3);
    expect(loss.absolute, "one engine in disguise").toBeGreaterThan(0);
  });

  test("T-GRPO: the same while the answers are the same, and they are at the first step", async () => {
    const args = [...small.rl, `model=${folder("sft", "wasm")}/model`, "maxSteps=4"];
    const { equalSteps, answers, loss, gradNorm } = await train("rl", args);
    expect(equalSteps).toBeGreaterThanOrEqual(1);
    expect(answers).toBeGreaterThanOrEqual(8);
    expect(loss.absolute).toBeLessThan(1e-3);
    expect(gradNorm.relative).toBeLessThan(1e-2);
    expect(gradNorm.absolute, "one engine in disguise").toBeGreaterThan(0);
  });
});
