/** One step computed in several ways has the same result, through the command line and in the models' calls. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dispose, mul, type Scalar, sum, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { loadConfig } from "@videor1/cli";
import { type LoadedClip, loadClips, type Message, messages, readExamples } from "@videor1/data";
import { valueAndGrads } from "@videor1/engine";
import { completionsOf, loadModel, type Qwen25VL } from "@videor1/model-qwen25vl";
import { loadProcessor, type Processor } from "@videor1/processor-qwen25vl";
import { type PolicyInput, qwenPolicy, qwenSampler, RlConfig } from "@videor1/rl";
import { type MetricsLine, type RolloutGroupLine, readMetrics, readRollouts } from "@videor1/runs";
import { openSafetensors } from "@videor1/safetensors";
import type { Gradients } from "@videor1/train";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "invariances-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const tolerance = 1e-5; // relative
let small: SmallData;
beforeAll(async () => {
  small = await makeSmallData(work);
});

/** |a - b| / |b| over all values. */
function distance(a: ReadonlyMap<string, ArrayLike<number>>, b: ReadonlyMap<string, ArrayLike<number>>): number {
  expect([...a.keys()].sort()).toEqual([...b.keys()].sort());
  let [difference, size] = [0, 0];
  for (const [name, values] of b)
    for (let i = 0; i < values.length; i++) {
      difference += (a.get(name)![i]! - values[i]!) ** 2;
      size += values[i]! ** 2;
    }
  expect(size).toBeGreaterThan(0);
  return Math.sqrt(difference / size);
}

describe("through the command line, one step from the same weights:", () => {
  interface Step {
    /** Loss, gradient norm, and the metrics of the answers. */
    metrics: MetricsLine;
    /** (1 - beta1) times the gradient: AdamW's first moment after one step. */
    moments: Map<string, ArrayLike<number>>;
    rollouts: RolloutGroupLine[];
  }

  async function step(app: "sft" | "rl", name: string, settings: readonly string[]): Promise<Step> {
    const outputDir = join(work, `${app}-${name}`);
    const { code, stderr } = await runCli(app, [...settings, `outputDir=${outputDir}`]);
    expect(code, stderr).toBe(0);
    const [metrics] = readMetrics(outputDir);
    const file = openSafetensors(join(outputDir, "checkpoints/checkpoint-1/optimizer.safetensors"));
    const names = file.names.filter((name) => name.endsWith(".exp_avg"));
    const moments = new Map(names.map((name) => [name, file.read(name) as Float32Array]));
    file.close();
    const rollouts = app === "rl" ? readRollouts(outputDir) : [];
    return { metrics: metrics!, moments, rollouts };
  }

  function expectSame(one: Step, other: Step): void {
    for (const name of ["loss", "gradNorm"]) {
      expect(Math.abs(one.metrics[name]! - other.metrics[name]!), name).toBeLessThanOrEqual(
        tolerance * Math.abs(other.metrics[name]!) + 1e-7,
      );
    }
    expect(distance(one.moments, other.moments)).toBeLessThan(tolerance);
    const answers = ({ rollouts }: Step) =>
      rollouts.map(({ ordered }) => ordered.map(({ text, reward }) => ({ text, reward })));
    expect(answers(one)).toEqual(answers(other));
  }

  describe("SFT", () => {
    const settings = (...more: string[]) => [
      ...small.sft,
      ...["data.phases.0.steps=1", "data.phases.1.steps=1", "optimizer.warmupSteps=0", "checkpoint.everySteps=1"],
      ...["gradientAccumulationSteps=1", "engine.workers=1", ...more],
    ];
    let base: Step;
    beforeAll(async () => {
      base = await step("sft", "base", settings());
    });

    test("four parts", async () => {
      expectSame(await step("sft", "parts", settings("gradientAccumulationSteps=4", "engine.workers=2")), base);
    });

    test("recomputed layers", async () => {
      expectSame(await step("sft", "recomputed", settings("gradientCheckpointing=true")), base);
    });

    test("another order within the batch", async () => {
      const records = JSON.parse(readFileSync(join(small.data, "sft-reason.json"), "utf8")) as unknown[];
      const batch = records.slice(0, 12);
      const phase = (name: string, records: unknown[]) => {
        writeFileSync(join(work, name), JSON.stringify(records));
        return `data.phases=[{ records: ${join(work, name)}, steps: 1 }]`;
      };
      const forward = await step("sft", "forward", settings(phase("forward.json", batch)));
      const backward = await step("sft", "backward", settings(phase("backward.json", batch.toReversed())));
      expectSame(backward, forward);
    });
  });

  describe("T-GRPO", () => {
    const settings = (...more: string[]) => [
      ...[...small.rl, `model=${join(work, "sft-learned/model")}`, "maxSteps=1", "checkpoint.everySteps=1"],
      ...["promptsPerStep=8", "gradientAccumulationSteps=1", "engine.workers=1", ...more],
    ];
    let base: Step;
    beforeAll(async () => {
      const learned = ["data.phases.0.steps=30", "data.phases.1.steps=10"]; // so that answers differ in reward
      await step("sft", "learned", [...small.sft, ...learned, "checkpoint.everySteps=1", "checkpoint.keep=40"]);
      base = await step("rl", "base", settings());
      expect(base.metrics["reward/std"]).toBeGreaterThan(0);
    });

    test("four parts, on one worker and, bit for bit, on two", async () => {
      const parts = (workers: number) =>
        step("rl", `parts-${workers}`, settings("gradientAccumulationSteps=4", `engine.workers=${workers}`));
      const [one, two] = [await parts(1), await parts(2)];
      expectSame(one, base);
      expect(two.moments).toEqual(one.moments);
      expect(two.rollouts).toEqual(one.rollouts);
    });

    test("recomputed layers", async () => {
      expectSame(await step("rl", "recomputed", settings("gradientCheckpointing=true")), base);
    });
  });
});

describe("in the calls of the model that the apps make:", () => {
  let model: Qwen25VL;
  let processor: Processor;
  let inputs: { turns: Message[]; full: Message[]; clips: LoadedClip[] }[];
  beforeAll(async () => {
    const [file, ...settings] = small.rl;
    const { data } = loadConfig(RlConfig, file!, [...settings, `model=${small.init}`]);
    model = await loadModel(small.init);
    processor = await loadProcessor(small.init);
    const examples = await readExamples(join(small.data, "sft-reason.json"));
    const some = [examples[0]!, examples[2]!, examples.find(({ dataType }) => dataType === "image")!];
    inputs = await Promise.all(
      some.map(async (example) => ({
        turns: messages(example, { stage: "rl", ...data.prompt }),
        full: messages(example, { stage: "sft", ...data.prompt }),
        clips: await loadClips(example, data.media),
      })),
    );
  });

  /** Sum of cos(i) times value i, so that every value has its own weight. */
  const weigh = (values: Tensor2D): Scalar => {
    const weights = Float32Array.from({ length: values.size }, (_, i) => Math.cos(i));
    return tidy(() => sum<Scalar>(mul(values, tensor2d(weights, values.shape))));
  };

  /** Value and gradients of a scalar. */
  function computed(f: () => Scalar): Map<string, ArrayLike<number>> {
    const { value, grads } = valueAndGrads(() => tidy(f), model.parameters);
    const all: Gradients = { ...grads, value };
    const arrays = new Map(Object.entries(all).map(([name, tensor]) => [name, tensor.dataSync<"float32">()]));
    dispose(all);
    return arrays;
  }

  test("prompt and vision features shared by a group: answers and gradients are those of separate prompts", async () => {
    const policy = qwenPolicy(model, processor);
    const options = { maxCompletionLength: 12, temperature: 1, topP: 1, topK: 0, policyVersion: 0 };
    const sampler = qwenSampler(model, processor, options);
    const seeds = inputs.map((_, i) => [10 * i, 10 * i + 1, 10 * i + 2]);
    const shared = inputs.map(({ turns, clips }, i) => ({
      row: processor.row(turns, clips, { addGenerationPrompt: true }),
      seeds: seeds[i]!,
    }));
    const separate = shared.flatMap((input) => input.seeds.map((seed) => ({ ...input, seeds: [seed] })));
    const sample = async (inputs: readonly PolicyInput[], count: number) => {
      const requests = inputs.map((input, i) => ({ promptId: String(i), order: "ordered" as const, input, count }));
      const samples = await sampler.generate(requests);
      return samples.flatMap(({ completions }) => completions.map(({ completionIds }) => [...completionIds]));
    };
    const once = await sample(shared, 3);
    expect(once).toEqual(await sample(separate, 1));
    const completions = completionsOf(once);
    const gradients = (inputs: readonly PolicyInput[], promptOf: Int32Array) =>
      computed(() => weigh(policy.logprobs(inputs, { ...completions, promptOf }).logps));
    const apart = gradients(
      separate,
      Int32Array.from(separate, (_, i) => i),
    );
    expect(
      distance(
        gradients(
          shared,
          Int32Array.from(once, (_, row) => Math.floor(row / 3)),
        ),
        apart,
      ),
    ).toBeLessThan(tolerance);
  });

  const conversations = (paddingSide: "left" | "right") =>
    processor(
      inputs.map(({ full }) => full),
      inputs.map(({ clips }) => clips),
      { paddingSide },
    );

  test("chunks of log-probabilities", () => {
    const batch = conversations("right");
    const of = (chunkSize: number) => computed(() => weigh(model.logprobs(batch, undefined, { chunkSize }).logps));
    expect(distance(of(7), of(4096))).toBeLessThan(tolerance);
  });

  test("padding on the left or on the right", () => {
    const sides = (["left", "right"] as const).map((side) => {
      const batch = conversations(side);
      return computed(() => sum<Scalar>(model.logprobs(batch).logps));
    });
    expect(distance(sides[0]!, sides[1]!)).toBeLessThan(tolerance);
  });
});
