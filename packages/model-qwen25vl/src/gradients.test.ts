import { join } from "node:path";
import { dispose, type Tensor, tidy, type Variable, variable, zerosLike } from "@tensorflow/tfjs-core";
import { adamwUpdate, initEngine, valueAndGrads } from "@videor1/engine";
import { beforeAll, describe, expect, test } from "vitest";
import {
  allCases,
  caseInputs,
  golden,
  goldenCase,
  l2,
  labelLoss,
  maxDifference,
  readJson,
  readTensors,
  relativeL2,
} from "../test/golden-case.ts";
import { goldenGrpo, grpoForms } from "../test/grpo-golden.ts";
import { testEngine } from "../test/test-engine.ts";
import { loadModel } from "./model.ts";

beforeAll(async () => void (await initEngine(testEngine)));

type Grads = Record<string, Tensor>;

/** L2 norms within 1e-4, and null for the parameters that torch leaves without gradient. */
function expectNorms(grads: Grads, expected: Record<string, number | null>): void {
  for (const [name, norm] of Object.entries(expected)) {
    expect(name in grads, name).toBe(norm !== null);
    if (norm !== null) expect(Math.abs(l2(grads[name]!.dataSync()) / norm - 1), name).toBeLessThan(1e-4);
  }
}

function expectFullGradients(grads: Grads, tensors: Map<string, { data: ArrayLike<number>; shape: number[] }>): void {
  const stored = [...tensors].filter(([name]) => name.startsWith("grad."));
  for (const [key, { data, shape }] of stored) {
    const grad = grads[key.slice("grad.".length)]!;
    expect(grad.shape).toEqual(shape);
    expect(relativeL2(grad.dataSync(), data), key).toBeLessThan(1e-4);
  }
}

describe.each([false, true])("gradients equal torch's, gradientCheckpointing %s", (gradientCheckpointing) => {
  describe.each(["classic", "hf5"] as const)("%s positions", (positions) => {
    test.each(allCases)("%s %s", async (folder, name) => {
      const of = goldenCase(folder, name);
      const variant = of[positions];
      if (!variant) return; // recorded as classic
      const model = await loadModel(join(golden, folder), { positions, gradientCheckpointing });
      const inputs = caseInputs(of);
      const { value, grads } = valueAndGrads(() => labelLoss(of, model.logprobs(inputs).logps), model.parameters);
      expect(Math.abs(value.dataSync()[0]! - variant.loss)).toBeLessThan(1e-5);
      expectNorms(grads, variant.grad_l2);
      if (positions === "classic") expectFullGradients(grads, new Map(of.names.map((key) => [key, of.stored(key)])));
      model.dispose();
    });
  });
});

interface AdamwRecord {
  lr: number;
  weight_decay: number;
  betas: [number, number];
  eps: number;
  steps: {
    loss: number;
    grad_global_norm: number;
    params_after?: Record<string, { sum: number; l2: number; absmax: number; delta_l2: number }>;
  }[];
}

test.each([
  ["tiny_a", "text"],
  ["tiny_a", "mixed"],
  ["tiny_b", "video_image"],
])("three AdamW steps equal torch's: %s %s", async (folder, name) => {
  const record = readJson<AdamwRecord>(folder, "cases", `adamw_${name}.json`);
  const after = readTensors(folder, "cases", `adamw_${name}.safetensors.gz`);
  const of = goldenCase(folder, name);
  const model = await loadModel(join(golden, folder));
  const inputs = caseInputs(of);
  const moments = new Map<string, [Variable, Variable]>();
  for (const [i, expected] of record.steps.entries()) {
    const { value, grads } = valueAndGrads(() => labelLoss(of, model.logprobs(inputs).logps), model.parameters);
    expect(Math.abs(value.dataSync()[0]! - expected.loss)).toBeLessThan(5e-5);
    const norm = Math.hypot(...Object.values(grads).map((grad) => l2(grad.dataSync())));
    expect(Math.abs(norm / expected.grad_global_norm - 1)).toBeLessThan(1e-3);
    if (!expected.params_after) break;
    const before = new Map(
      Object.entries(model.parameters).map(([name, parameter]) => [name, parameter.dataSync().slice()]),
    );
    for (const [key, grad] of Object.entries(grads)) {
      const [m, v] = moments.get(key) ?? [variable(zerosLike(grad)), variable(zerosLike(grad))];
      moments.set(key, [m, v]);
      const { lr, weight_decay, betas, eps } = record;
      adamwUpdate(model.parameters[key]!, grad, m, v, {
        learningRate: lr,
        weightDecay: weight_decay,
        beta1: betas[0],
        beta2: betas[1],
        eps,
        step: i + 1,
      });
    }
    dispose(grads);
    expect(Object.keys(expected.params_after).sort()).toEqual(Object.keys(model.parameters).sort());
    for (const [key, { sum, l2: norm, absmax, delta_l2 }] of Object.entries(expected.params_after)) {
      const values = model.parameters[key]!.dataSync<"float32">();
      const delta = l2(values.map((value, j) => value - before.get(key)![j]!));
      expect(Math.abs(l2(values) / norm - 1), key).toBeLessThan(3e-4);
      expect(Math.abs(Array.from(values).reduce((total, value) => total + value, 0) - sum), key).toBeLessThan(2e-3);
      expect(
        Math.abs(values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) - absmax),
        key,
      ).toBeLessThan(1e-4);
      if (delta_l2 === 0)
        expect(delta, key).toBe(0); // no gradient: no decay either
      else expect(Math.abs(delta / delta_l2 - 1), key).toBeLessThan(2e-2);
    }
    for (const [key, { data }] of after) {
      const [prefix, parameter] = [key.slice(0, key.indexOf(".")), key.slice(key.indexOf(".") + 1)];
      if (prefix !== `after_step${i + 1}`) continue;
      expect(relativeL2(model.parameters[parameter]!.dataSync(), data), key).toBeLessThan(3e-4);
    }
  }
  model.dispose();
});

describe("GRPO on one video prompt with four completions", () => {
  test.each(grpoForms)("%s", async (form) => {
    const { of, losses, logps: logpsOf, loss } = goldenGrpo();
    const model = await loadModel(join(golden, "tiny_a"));
    const mask = of.stored("in.completion_mask").data;
    const logps = tidy(() => logpsOf(model, form).dataSync());
    expect(maxDifference(logps, of.stored("out.logps").data, (i) => mask[i] === 1)).toBeLessThan(5e-5);
    for (const kind of ["grpo", "dapo", "dr_grpo"] as const) {
      const { value, grads } = valueAndGrads(() => loss(logpsOf(model, form), kind), model.parameters);
      expect(Math.abs(value.dataSync()[0]! - losses[kind].loss)).toBeLessThan(1e-5);
      expectNorms(grads, losses[kind].grad_l2);
      if (kind === "grpo") expectFullGradients(grads, new Map(of.names.map((key) => [key, of.stored(key)])));
      dispose(grads);
    }
    model.dispose();
  });
});
