/** A finished run goes on to more steps: with a constant rate as if it had been given them at once. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMetrics, readRollouts, rolloutsFile } from "@videor1/runs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resultsOf } from "./results-of.ts";
import { runCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "more-steps-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
let small: SmallData;
beforeAll(async () => {
  small = await makeSmallData(work);
});

const apps = {
  sft: (steps: number) => [...small.sft, "data.phases.0.steps=3", `data.phases.1.steps=${steps}`],
  rl: (steps: number) => [...small.rl, `model=${small.init}`, `maxSteps=${steps}`],
};
const run = (app: keyof typeof apps, folder: string, steps: number, ...more: string[]) =>
  runCli(app, [...apps[app](steps), `outputDir=${join(work, folder)}`, "checkpoint.everySteps=2", ...more]);
const constant = ["optimizer.schedule=constant", "optimizer.warmupSteps=0"];
const results = (folder: string) => ({
  weights: readFileSync(join(work, folder, "model/model.safetensors")).toString("base64"),
  metrics: readMetrics(join(work, folder)).map(resultsOf),
  rollouts: existsSync(join(work, folder, rolloutsFile)) ? readRollouts(join(work, folder)) : [],
});

describe.each(["rl", ...(process.env.LONG_TESTS ? ["sft" as const] : [])] as const)("%s", (app) => {
  test("two steps and two more are four, byte for byte", async () => {
    expect(await run(app, `${app}-whole`, 4, ...constant)).toMatchObject({ code: 0 });
    expect(await run(app, `${app}-more`, 2, ...constant)).toMatchObject({ code: 0 });
    const { code, stdout } = await run(app, `${app}-more`, 4, ...constant);
    const [before, after] = app === "sft" ? [5, 7] : [2, 4];
    expect(stdout).toContain(`was to have ${before} steps. From step ${before} on it goes to ${after}`);
    expect(code).toBe(0);
    expect(results(`${app}-more`)).toEqual(results(`${app}-whole`));
    expect(existsSync(join(work, `${app}-more`, `model-${before}`, "model.safetensors"))).toBe(true);
  });
});

test.runIf(process.env.LONG_TESTS)("a replay takes the learning rate that each step had", async () => {
  const linear = ["optimizer.schedule=linear"];
  for (const steps of [2, 4]) expect(await run("rl", "linear", steps, ...linear)).toMatchObject({ code: 0 });
  for (const step of [2, 4]) {
    const { stdout, code } = await runCli("replay", [join(work, "linear"), String(step)]);
    expect(stdout).toContain("all metrics agree.");
    expect(code).toBe(0);
  }
});

test.runIf(process.env.LONG_TESTS)("epochs are the steps that they make of the records", async () => {
  const sft = await runCli("sft", [
    ...[...small.sft, `data.phases=[{ records: ${small.data}/sft-reason.json, epochs: 0.5 }]`],
    ...[`outputDir=${join(work, "epochs-sft")}`, "batchSize=5"],
  ]);
  expect(sft).toMatchObject({ code: 0 });
  const records = (name: string) => JSON.parse(readFileSync(join(small.data, name), "utf8")).length as number;
  const last = (folder: string) => readMetrics(join(work, folder)).at(-1)!.step;
  expect(last("epochs-sft")).toBe(Math.floor((0.5 * records("sft-reason.json")) / 5));
  const rl = (epochs: number) =>
    runCli("rl", [...small.rl, `model=${small.init}`, `epochs=${epochs}`, `outputDir=${join(work, "epochs-rl")}`]);
  expect(await rl(0.4)).toMatchObject({ code: 0 });
  expect(last("epochs-rl")).toBe(Math.floor((0.4 * records("rl.json")) / 2));
  expect((await rl(0.4)).stdout).toContain("holds a finished run");
  expect(await rl(0.6)).toMatchObject({ code: 0 });
  expect(last("epochs-rl")).toBe(Math.floor((0.6 * records("rl.json")) / 2));
});

test("a phase without steps and epochs, or with both, is refused", async () => {
  for (const rest of ["", ", steps: 2, epochs: 1"]) {
    const phases = `data.phases=[{ records: ${small.data}/sft-reason.json${rest} }]`;
    const { code, stderr } = await runCli("sft", [...small.sft, phases, `outputDir=${join(work, "neither")}`]);
    expect(stderr).toContain("a phase takes steps or epochs, one of the two");
    expect(code).toBe(1);
  }
});
