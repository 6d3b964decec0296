import { parseConfig, publishedConfig } from "@videor1/model-qwen25vl";
import { expect, test } from "vitest";
import { type Card, cardNamed } from "./cards.ts";
import { exchangeOf } from "./exchange.ts";
import type { Job } from "./job.ts";
import type { Place } from "./machine.ts";
import { isOutOfReach, makePlan, type Plan } from "./make-plan.ts";
import { phasesOf, remembered } from "./phases.ts";
import { beginPlan, type RunToPlan } from "./plan-run.ts";
import { stateBytes, trainedCount } from "./state-bytes.ts";

const model = parseConfig({
  model_type: "qwen2_5_vl",
  image_token_id: 62,
  video_token_id: 63,
  vocab_size: 64,
  hidden_size: 32,
  intermediate_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  rope_scaling: { type: "mrope", mrope_section: [2, 3, 3] },
  vision_config: { depth: 2, hidden_size: 32, intermediate_size: 64, num_heads: 2, out_hidden_size: 32 },
});

const job: Job = {
  model,
  dtype: "bfloat16",
  gradientCheckpointing: true,
  trainable: "all",
  optimizer: { moments: "float32" },
  steps: 10,
  workers: 1,
  sharding: { zeroStage: 2, bucketMegabytes: 0.001 },
  parts: 4,
  promptsPerStep: 4,
  prompt: { kind: "video", grid: [2, 4, 4], textTokens: 12 },
  completionTokens: 16,
  wholeConversation: false,
  rl: { completions: 4, shuffled: 2, contrast: true, reference: "copy", iterations: 1 },
  validationBatch: 8,
  checkpoints: 2,
};
const gpu = cardNamed("1GB");
const processor = { ...gpu, kind: "processor" as const };
const size = trainedCount(job);
const total = (bytes: Plan["bytes"]) => Object.values(bytes).reduce((sum, part) => sum + part, 0);

test("on a GPU the reference waits in the host's memory; on a processor it lies beside the rest", async () => {
  const onGpu = await makePlan(job, { card: gpu });
  expect(onGpu.host.needed).toBe(2 * size);
  expect(onGpu.phases).toMatchObject({
    sampling: expect.any(Number),
    contrast: expect.any(Number),
    validation: expect.any(Number),
  });
  const onProcessor = await makePlan(job, { card: processor });
  expect(onProcessor.bytes.reference).toBe(2 * size);
  expect(onProcessor.host.needed).toBe(onProcessor.needed);
  expect(onProcessor.bytes.runtime).toBe(0);
  for (const { bytes, needed } of [onGpu, onProcessor]) expect(total(bytes)).toBeCloseTo(needed, 3);
});

test("images, whole conversations, a padding token and adapters run on shapes too", async () => {
  const padded = { ...model, text: { ...model.text, padTokenId: 0 } };
  const prompt = { kind: "image", grid: [1, 4, 4], textTokens: 12 } as const;
  const adapter = { rank: 2, modules: ["model.language_model.layers.1.mlp.down_proj"] };
  for (const changed of [
    { model: padded, prompt, rl: undefined, wholeConversation: true },
    { model: padded, prompt, dtype: "float32" as const, gradientCheckpointing: false },
    { adapter, rl: { ...job.rl!, reference: "shared" as const }, gradientCheckpointing: false },
    { trainable: "language" as const, parts: 1 },
  ]) {
    const { bytes, needed } = await makePlan({ ...job, ...changed }, { card: gpu });
    expect(bytes.activations).toBeGreaterThan(0);
    expect(total(bytes)).toBeCloseTo(needed, 3);
  }
});

test("each worker holds all of the state, and all parts' gradients lie in memory that they share", async () => {
  const one = await makePlan(job, { card: processor });
  const two = await makePlan({ ...job, workers: 2 }, { card: processor });
  expect(two.bytes.moments).toBe(2 * one.bytes.moments);
  expect(two.bytes.gradients).toBeGreaterThanOrEqual(4 * 4 * size);
  const beside = await makePlan({ ...job, workers: 2 }, { card: gpu });
  expect(beside.host.needed).toBe(2 * 2 * size + 4 * 4 * size);
  const wasm = await makePlan({ ...job, workers: 2 }, { card: { ...gpu, kind: "wasm" } });
  expect(wasm.bytes.moments).toBe(one.bytes.moments);
});

test("of ranks, each holds its slices, and the buckets that travel; the weights are everywhere", async () => {
  const count = remembered(phasesOf);
  const one = await makePlan(job, { card: gpu }, count);
  const of = (zeroStage: 0 | 1 | 2, ranks = 4, parts = 4) =>
    makePlan({ ...job, parts, sharding: { zeroStage, bucketMegabytes: 0.001 } }, { card: gpu, ranks }, count);
  const everything = await of(0);
  const ownFirst = await of(1);
  const cut = await of(2);
  for (const plan of [ownFirst, cut])
    expect(plan.bytes).toMatchObject({
      weights: one.bytes.weights,
      masters: one.bytes.masters / 4,
      moments: one.bytes.moments / 4,
    });
  expect(everything.bytes).toMatchObject({ masters: one.bytes.masters, moments: one.bytes.moments });
  for (const { bytes, needed } of [everything, ownFirst, cut]) expect(total(bytes)).toBeCloseTo(needed, 3);
  const gradients = async (stage: 1 | 2, parts: number) => (await of(stage, 4, parts)).phases.gradients!;
  expect(await gradients(1, 4)).toBe(await gradients(2, 4)); // a part a rank
  expect(await gradients(1, 8)).toBeGreaterThan((await gradients(2, 8)) + 3.9 * size);
  expect(cut.disk.checkpoint).toBe(one.disk.checkpoint); // bfloat16 and what it lacks, in place of float32
});

test("what ranks send: every part's gradients in bfloat16, or a rank's sum in float32, and the weights", () => {
  const card = { ...gpu, sends: { inside: 1e6, outside: 1e5 } };
  const sent = (zeroStage: 0 | 1 | 2, machines = 1, of: Card = card, ranks = 4) =>
    exchangeOf({ ...job, parts: 8, sharding: { zeroStage, bucketMegabytes: 1 } }, { card: of, ranks, machines });
  expect(sent(2)).toMatchObject({ gradients: 2 * 2 * size * 0.75, weights: 2 * size * 0.75 });
  expect(sent(1)).toMatchObject({ gradients: 4 * size * 0.75, weights: 2 * size * 0.75 });
  expect(sent(0)).toMatchObject({ gradients: 2 * 4 * size * 0.75, weights: 4 * size * 0.75 });
  const seconds = (6 * size * 0.75) / 1e6 / 0.6;
  expect(sent(2)!.seconds).toBeCloseTo(seconds, 6);
  expect(sent(2, 2)!.seconds).toBeCloseTo((2 / 3) * 10 * seconds, 6); // two of three others are on the other machine
  expect(sent(2, 1, gpu)!.seconds).toBeUndefined();
  expect(sent(2, 1, card, 1)).toBeUndefined();
});

test("an adapter: float32 beside the model, checkpoints and files of its own", async () => {
  const adapter = { rank: 2, modules: ["model.language_model.layers.0.self_attn.q_proj"] };
  const trained = 2 * (32 + 32);
  const adapted: Job = { ...job, adapter, rl: { ...job.rl!, reference: "adapter" } };
  expect(stateBytes(adapted)).toEqual({
    weights: 2 * size + 4 * trained,
    masters: 0,
    moments: 8 * trained,
    reference: 4 * trained,
  });
  const { disk } = await makePlan(adapted, { card: gpu });
  expect(disk).toMatchObject({ checkpoint: 12 * trained, checkpoints: 3, model: 4 * trained });
});

test("what is lacking, of each kind; what state and disk rule out takes no counting", async () => {
  const little = { card: { ...gpu, memoryBytes: 8 * size }, hostBytes: 10, diskBytes: 10 };
  expect((await makePlan(job, little)).lacks).toEqual(["memory", "host memory", "disk"]);
  expect(isOutOfReach(job, little)).toBe(true);
  expect(isOutOfReach(job, { card: gpu, hostBytes: 1e9, diskBytes: 1e9 })).toBe(false);
});

test("several workers cannot add up the gradients of a model as large as the 7B", () => {
  const large = { ...job, model: publishedConfig("Qwen2.5-VL-7B-Instruct"), workers: 2 };
  const machine = { card: cardNamed("1000GB") };
  expect(isOutOfReach(large, machine)).toBe(true);
  expect(isOutOfReach({ ...large, workers: 1 }, machine)).toBe(false);
  expect(isOutOfReach({ ...large, model: publishedConfig("Qwen2.5-VL-3B-Instruct") }, machine)).toBe(false);
});

test("jobs that differ in their disk alone are counted once", async () => {
  let counted = 0;
  const count = remembered(async () => ({ of: {}, gradients: ++counted }));
  await count(job);
  await count({ ...job, checkpoints: 1, parts: 2, promptsPerStep: 2 });
  expect(counted).toBe(1);
  await count({ ...job, completionTokens: 8 });
  expect(counted).toBe(2);
});

interface Config extends Place {
  batch: number;
}

test("a run begins with the sum, or is refused with the settings that fit, unless that is ignored", async () => {
  const lines: string[] = [];
  const options = { print: (line: string) => void lines.push(line) };
  const run = (backend: "wasm" | "torch", batch: number): RunToPlan<Config> => ({
    config: { engine: { backend }, outputDir: "runs/none", batch },
    assumed: [],
    jobOf: ({ batch }) => ({ ...job, rl: undefined, parts: 1, promptsPerStep: batch, validationBatch: undefined }),
    parse: (config) => config as Config,
    candidates: [["batch", 1]],
    otherMethod: ["unknown", 1],
  });
  const needed = async (batch: number) =>
    (await makePlan(run("torch", batch).jobOf({ batch } as Config), { card: gpu })).needed;
  const machine = { card: { ...gpu, memoryBytes: (await needed(64)) - 1 }, diskBytes: 1e9 };
  const begin = (backend: "wasm" | "torch", batch: number, ignorePlan = false) =>
    beginPlan(run(backend, batch).config, () => run(backend, batch), { ...options, ignorePlan }, machine);
  await begin("wasm", 1);
  expect(lines).toEqual([]);
  await begin("torch", 1);
  expect(lines).toEqual([
    expect.stringMatching(
      /^Plan: 0\.\d+ of the 0\.\d+ GB of a card of 1 GB, 0\.\d+ GB of disk of 1\.00 free; --plan shows/,
    ),
  ]);
  await expect(begin("torch", 200)).rejects.toMatchObject({
    code: "DOES_NOT_FIT",
    hint: expect.stringMatching(/^It fits with batch=1\./),
  });
  await begin("torch", 200, true);
  expect(lines.at(-1)).toMatch(/^Warning: it does not fit: /);
  const asRank = { ...options, peers: { size: 4, sharers: 4 } };
  await beginPlan(run("torch", 1).config, () => run("torch", 1), asRank, machine);
  expect(lines.at(-1)).toMatch(/^Plan: 0\.\d+ of the 0\.\d+ GB of a card of 1 GB on each of 4 ranks, /);
  await begin("torch", 64);
  expect(lines.at(-1)).toMatch(/^Warning: with prompts of 12 tokens of text it would not fit: /);
});

test("a run that cannot be counted begins with a warning", async () => {
  const lines: string[] = [];
  const config: Config = { engine: { backend: "torch" }, outputDir: "runs/none", batch: 1 };
  const broken: RunToPlan<Config> = {
    config,
    assumed: [],
    jobOf: () => ({ ...job, prompt: { ...job.prompt, grid: [2, 3, 5] } }),
    parse: () => undefined,
    candidates: [],
    otherMethod: ["batch", 1],
  };
  await beginPlan(config, () => broken, { print: (line) => void lines.push(line) }, { card: gpu });
  expect(lines).toEqual([expect.stringMatching(/^Warning: what this run needs of memory cannot be counted: /)]);
});
