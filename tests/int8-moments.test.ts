/** Training with AdamW's moments in 8 bits: it learns as with float32 ones, and is exact over stops and kills. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { metricsFile, readMetrics } from "@videor1/runs";
import { openSafetensors } from "@videor1/safetensors";
import { afterAll, beforeAll, expect, test } from "vitest";
import { torch, whyNot } from "../packages/tfjs-backend-torch/test/torch.ts";
import { runCli, signalWhen, startCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "int8-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
let small: SmallData;
beforeAll(async () => {
  small = await makeSmallData(work);
});

const int8 = ["optimizer.moments=int8"];
const onWasm = ["engine.backend=wasm"];
const onTorch = ["engine.backend=torch", "engine.threads=1", "dtype=bfloat16"];
const whole = { wasm: join(work, "sft-wasm"), torch: join(work, "sft-torch") };
const sft = () => [...small.sft, "data.phases.0.steps=10", "data.phases.1.steps=2", "checkpoint.everySteps=3"];
const rl = () => [...small.rl, "maxSteps=4", "checkpoint.everySteps=1", `model=${whole.wasm}/model`];

/** The bytes of a run's files: weights, moments, model. */
const bytesOf = (folder: string, steps: number) =>
  [`checkpoints/checkpoint-${steps}/model`, `checkpoints/checkpoint-${steps}/optimizer`, "model/model"].map((name) =>
    readFileSync(join(folder, `${name}.safetensors`)).toString("base64"),
  );

/** The same run, stopped once and killed once. */
async function broken(app: "sft" | "rl", args: readonly string[], folder: string): Promise<void> {
  const start = () => startCli(app, [...args, `outputDir=${folder}`, "engine.workers=2"]);
  const latest = () => {
    const file = join(folder, "checkpoints/latest");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };
  const stepsMade = () => (existsSync(join(folder, metricsFile)) ? readMetrics(folder).length : 0);
  expect(await signalWhen(start(), "SIGINT", () => stepsMade() >= 1)).toMatchObject({ code: 130 });
  const stopped = latest();
  expect(await signalWhen(start(), "SIGKILL", () => latest() !== stopped)).toMatchObject({ code: null });
  expect(await start().ended).toMatchObject({ code: 0 });
}

test("sft on wasm: losses near those of float32 moments", async () => {
  const exact = join(work, "sft-float32");
  for (const [folder, own] of [
    [exact, []],
    [whole.wasm, int8],
  ] as const)
    expect(await runCli("sft", [...sft(), ...onWasm, ...own, `outputDir=${folder}`])).toMatchObject({ code: 0 });
  const losses = (folder: string) => readMetrics(folder).map(({ loss }) => loss!);
  const [expected, found] = [losses(exact), losses(whole.wasm)];
  expect(found).toHaveLength(12);
  for (const [i, loss] of found.entries()) expect(Math.abs(loss / expected[i]! - 1)).toBeLessThan(0.05);
  expect(found).not.toEqual(expected);
  const file = openSafetensors(join(whole.wasm, "checkpoints/checkpoint-12/optimizer.safetensors"));
  const dtypes = new Set(file.names.map((name) => file.info(name).dtype));
  file.close();
  expect([...dtypes].sort()).toEqual(["F32", "I32", "U8"]);
});

test.runIf(process.env.LONG_TESTS)("sft on wasm: the same bytes however often it is ended", async () => {
  const folder = join(work, "sft-broken");
  await broken("sft", [...sft(), ...onWasm, ...int8], folder);
  expect(bytesOf(folder, 12)).toEqual(bytesOf(whole.wasm, 12));
});

test.runIf(process.env.LONG_TESTS)("rl on wasm: the same bytes however often it is ended", async () => {
  const args = [...rl(), ...onWasm, ...int8];
  const folder = join(work, "rl");
  expect(await runCli("rl", [...args, `outputDir=${folder}`])).toMatchObject({ code: 0 });
  await broken("rl", args, `${folder}-broken`);
  expect(bytesOf(`${folder}-broken`, 4)).toEqual(bytesOf(folder, 4));
});

test.runIf(torch && process.env.LONG_TESTS)(
  `sft in bfloat16: the same bytes however often it is ended${whyNot}`,
  async () => {
    const args = [...sft(), ...onTorch, ...int8];
    expect(await runCli("sft", [...args, `outputDir=${whole.torch}`])).toMatchObject({ code: 0 });
    await broken("sft", args, `${whole.torch}-broken`);
    expect(bytesOf(`${whole.torch}-broken`, 12)).toEqual(bytesOf(whole.torch, 12));
  },
);

test("a run does not go on with moments of another kind", async () => {
  const { code, stderr } = await runCli("sft", [...sft(), ...onWasm, `outputDir=${whole.wasm}`]);
  expect(code).toBe(1);
  expect(stderr).toContain("optimizer.moments");
});
