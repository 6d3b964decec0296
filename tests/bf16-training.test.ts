/** Training in bfloat16 on torch: near float32, exact over stops and kills, and refused where there is no bfloat16. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dispose, memory, onesLike, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { initEngine, joinFloat32, splitFloat32, valueAndGrads } from "@videor1/engine";
import { loadForTraining, loadModel, type TrainedModel } from "@videor1/model-qwen25vl";
import { metricsFile, readMetrics, rolloutsFile } from "@videor1/runs";
import { openSafetensors } from "@videor1/safetensors";
import { createReplica, type Gradients, OptimizerOptions } from "@videor1/train";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caseInputs, golden, goldenCase, labelLoss, relativeL2 } from "../packages/model-qwen25vl/test/golden-case.ts";
import { torch, whyNot } from "../packages/tfjs-backend-torch/test/torch.ts";
import { runCli, signalWhen, startCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "bf16-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
let small: SmallData;
beforeAll(async () => {
  small = await makeSmallData(work);
});

describe.skipIf(!torch)(`training in bfloat16${whyNot}`, () => {
  beforeAll(async () => void (await initEngine({ backend: "torch" })));

  const valuesOf = (x: Tensor) => Array.from(tidy(() => x.dataSync<"float32">()));

  /** The float32 weights. */
  const masterValues = ({ model, remainders }: TrainedModel) =>
    Object.entries(model.parameters).flatMap(([name, weight]) => {
      const remainder = remainders[name];
      return valuesOf(remainder ? tidy(() => joinFloat32({ weight, remainder })) : weight);
    });

  /** A step of one part with these gradients. */
  const stepWith = (grads: Gradients, learningRate: number) => ({
    parts: 1,
    learningRate,
    compute: async () => ({ grads, share: {} }),
    reduce: () => ({ metrics: { loss: 0 } }),
  });

  /**
   * Three AdamW steps of a replica on a golden case (learning rate 1e-3, weight decay 0.01): losses before each step and
   * after the last, and the change of the master weights, all in one vector.
   */
  async function threeSteps(folder: string, name: string, dtype: "float32" | "bfloat16") {
    const of = goldenCase(folder, name);
    const inputs = caseInputs(of);
    const trained = await loadForTraining(join(golden, folder), { dtype });
    const { model, remainders } = trained;
    const options = OptimizerOptions.parse({ weightDecay: 0.01, maxGradNorm: 1e9 });
    const replica = createReplica(model.parameters, options, { remainders });
    const places = () => Object.values({ ...model.parameters, ...remainders }).map(({ dataId }) => dataId);
    const placesBefore = places();
    const before = masterValues(trained);
    const losses: number[] = [];
    const memories: object[] = [];
    for (let step = 0; step < 4; step++) {
      const { value, grads } = valueAndGrads(() => labelLoss(of, model.logprobs(inputs).logps), model.parameters);
      losses.push(value.dataSync()[0]!);
      value.dispose();
      if (step < 3) await replica.step(stepWith(grads, 1e-3));
      else dispose(grads);
      memories.push(memory());
    }
    expect(memories[2], "steps leave nothing behind").toEqual(memories[1]);
    for (const [i, place] of places().entries()) expect(place, "updated in place").toBe(placesBefore[i]);
    const after = masterValues(trained);
    return { losses, way: after.map((x, i) => x - before[i]!), trained };
  }

  /** Twice the largest differences of transformers' bfloat16 with float32 master weights: losses 0.0231, change 0.0845. */
  test.each([
    ["tiny_a", "text"],
    ["tiny_a", "mixed"],
    ["tiny_b", "video_image"],
  ])("three AdamW steps are as near to torch's as transformers' are: %s %s", async (folder, name) => {
    const record = JSON.parse(readFileSync(join(golden, folder, "cases", `adamw_${name}.json`), "utf8")) as {
      steps: { loss: number }[];
    };
    const exact = await threeSteps(folder, name, "float32");
    const rounded = await threeSteps(folder, name, "bfloat16");
    for (const [i, { loss }] of record.steps.entries()) expect(Math.abs(rounded.losses[i]! - loss)).toBeLessThan(0.046);
    const distance = relativeL2(rounded.way, exact.way);
    expect(distance).toBeLessThan(0.17);
    expect(distance, "float32 in disguise").toBeGreaterThan(1e-3);
    const { model, remainders } = rounded.trained;
    for (const [key, weight] of Object.entries(model.parameters)) {
      const master = tidy(() => joinFloat32({ weight, remainder: remainders[key]! }));
      expect(valuesOf(weight), key).toEqual(valuesOf(splitFloat32(master).weight));
    }
  });

  test("updates too small for bfloat16 add up in the master weights", async () => {
    const { model, remainders } = await loadForTraining(join(golden, "tiny_a"), { dtype: "bfloat16" });
    const name = "model.language_model.norm.weight"; // near 1, where bfloat16 has steps of 0.004 and 0.008
    const only = { [name]: model.parameters[name]! };
    const replica = createReplica(only, OptimizerOptions.parse({}), { remainders });
    const start = valuesOf(model.parameters[name]!);
    const moved = () => valuesOf(model.parameters[name]!).filter((x, i) => x !== start[i]).length / start.length;
    const step = () => replica.step(stepWith({ [name]: onesLike(model.parameters[name]!) }, 2e-4));
    await step();
    expect(moved()).toBeLessThan(0.2);
    for (let i = 1; i < 60; i++) await step(); // 0.012 in all
    expect(moved()).toBe(1);
  });

  const settings = {
    sft: () => [...small.sft, "data.phases.0.steps=20", "data.phases.1.steps=5", "checkpoint.everySteps=8"],
    rl: () => [...small.rl, "maxSteps=6", "checkpoint.everySteps=2"],
  };
  const onTorch = ["engine.backend=torch", "engine.threads=1"];
  const inBf16 = [...onTorch, "dtype=bfloat16"];
  const whole = { sft: join(work, "sft"), rl: join(work, "rl") };
  const models = { sft: () => [], rl: () => [`model=${whole.sft}/model`] };

  test("a whole miniature SFT: every loss within 1 % of float32's", async () => {
    const exact = join(work, "sft-float32");
    const args = settings.sft();
    for (const [folder, own] of [
      [exact, onTorch],
      [whole.sft, inBf16],
    ] as const)
      expect(await runCli("sft", [...args, ...own, `outputDir=${folder}`])).toMatchObject({ code: 0 });
    const losses = (folder: string) => readMetrics(folder).map(({ loss }) => loss!);
    const [expected, found] = [losses(exact), losses(whole.sft)];
    expect(found).toHaveLength(25);
    expect(found[19]!).toBeLessThan(found[0]! / 4);
    for (const [i, loss] of found.entries()) expect(Math.abs(loss / expected[i]! - 1)).toBeLessThan(0.01);
    expect(found).not.toEqual(expected);
  });

  test("checkpoints hold float32 master weights; the model that is left is bfloat16, and loads anywhere", async () => {
    const dtypes = (folder: string) => {
      const file = openSafetensors(join(folder, "model.safetensors"));
      const found = new Set(file.names.map((name) => file.info(name).dtype));
      file.close();
      return [...found];
    };
    expect(dtypes(join(whole.sft, "checkpoints/checkpoint-25"))).toEqual(["F32"]);
    expect(dtypes(join(whole.sft, "model"))).toEqual(["BF16"]);
    expect(readFileSync(join(whole.sft, "model/config.json"), "utf8")).toMatch(/dtype": "bfloat16"/);
    (await loadModel(join(whole.sft, "model"))).dispose();
  });

  /** The bytes of a run's files: master weights, moments, model, answers. */
  const bytesOf = (folder: string, steps: number) =>
    [`checkpoints/checkpoint-${steps}/model`, `checkpoints/checkpoint-${steps}/optimizer`, "model/model"]
      .map((name) => readFileSync(join(folder, `${name}.safetensors`)).toString("base64"))
      .concat(existsSync(join(folder, rolloutsFile)) ? readFileSync(join(folder, rolloutsFile), "utf8") : []);

  test.each(
    process.env.LONG_TESTS
      ? ([
          ["sft", 25],
          ["rl", 6],
        ] as const)
      : [],
  )("%s: stopped, killed and gone on with, it ends with the bytes of a whole run", async (app, steps) => {
    const args = [...settings[app](), ...models[app](), ...inBf16];
    if (app === "rl") expect(await runCli(app, [...args, `outputDir=${whole.rl}`])).toMatchObject({ code: 0 });
    const broken = join(work, `${app}-broken`);
    const start = () => startCli(app, [...args, `outputDir=${broken}`, "engine.workers=2"]);
    const latest = () => {
      const file = join(broken, "checkpoints/latest");
      return existsSync(file) ? readFileSync(file, "utf8") : "";
    };
    const stepsMade = () => (existsSync(join(broken, metricsFile)) ? readMetrics(broken).length : 0);
    expect(await signalWhen(start(), "SIGINT", () => stepsMade() >= 1)).toMatchObject({ code: 130 });
    const stopped = latest();
    expect(await signalWhen(start(), "SIGKILL", () => latest() !== stopped)).toMatchObject({ code: null });
    expect(await start().ended).toMatchObject({ code: 0 });
    expect(bytesOf(broken, steps)).toEqual(bytesOf(whole[app], steps));
  });
});

test("on wasm it is refused, with what to do", async () => {
  const args = [...small.sft, "engine.backend=wasm", "dtype=bfloat16", `outputDir=${join(work, "wasm")}`];
  const { code, stderr } = await runCli("sft", args);
  expect(code).toBe(1);
  expect(stderr).toMatch(/the backend "wasm" cannot store a tensor \[[\d,]+\] in bfloat16/);
  expect(stderr).toContain('Choose the backend "torch", or dtype "float32"');
});
