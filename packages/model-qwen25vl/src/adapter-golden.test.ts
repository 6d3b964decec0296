import { join } from "node:path";
import { dispose, memory, type Tensor, tidy, type Variable, variable, zerosLike } from "@tensorflow/tfjs-core";
import { adamwUpdate, initEngine, valueAndGrads } from "@videor1/engine";
import { beforeAll, describe, expect, test } from "vitest";
import {
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
import { testEngine } from "../test/test-engine.ts";
import { adapterScale } from "./adapter.ts";
import { loadAdapter } from "./load-adapter.ts";
import { mergeAdapter } from "./merge-adapter.ts";
import { loadModel, type Qwen25VL, withAdapter } from "./model.ts";

interface Variant {
  model: string;
  case: string;
  scaling: number;
  trainable_parameters: number;
  loss: number;
  base_loss: number;
  grad_global_norm: number;
  grad_l2: Record<string, number>;
  losses_after_steps: number[];
  logits_moved_max: number;
  merged_l2: Record<string, number>;
  adapter_keys: string[];
}

const { variants } = readJson<{ variants: Record<string, Variant> }>("lora", "cases.json");
const stored = (name: string) => readTensors("lora", name, "golden.safetensors.gz");

beforeAll(async () => void (await initEngine(testEngine)));

async function load(name: string, options = {}) {
  const variant = variants[name]!;
  const base = await loadModel(join(golden, variant.model), options);
  const model = withAdapter(base, await loadAdapter(join(golden, "lora", name), base.config));
  const of = goldenCase(variant.model, variant.case);
  return { variant, base, model, of, inputs: caseInputs(of), mask: of.stored("in.attention_mask").data };
}

const logitsOf = (model: Qwen25VL, inputs: ReturnType<typeof caseInputs>) =>
  tidy(() => model.forward(inputs).logits.dataSync().slice());

describe.each(Object.keys(variants))("the adapter %s equals PEFT's", (name) => {
  test("keys, scale, and logits with it, without it, and merged", async () => {
    const { variant, base, model, inputs, mask } = await load(name);
    const { adapter } = model.adapted!;
    expect(Object.keys(model.trainable).sort()).toEqual([...variant.adapter_keys].sort());
    expect(Object.values(model.trainable).reduce((sum, { size }) => sum + size, 0)).toBe(variant.trainable_parameters);
    expect(adapterScale(adapter)).toBeCloseTo(variant.scaling, 12);

    const { data, shape } = stored(name).get("out.logits")!;
    const isToken = (i: number) => mask[Math.floor(i / shape.at(-1)!)] === 1;
    const plain = logitsOf(await loadModel(join(golden, variant.model)), inputs);
    expect(maxDifference(logitsOf(model, inputs), data, isToken)).toBeLessThan(1e-4);
    expect(logitsOf(base, inputs), "switched off").toEqual(plain);
    expect(Math.abs(maxDifference(plain, data, isToken) / variant.logits_moved_max - 1)).toBeLessThan(1e-4);

    mergeAdapter(base, adapter);
    expect(maxDifference(logitsOf(base, inputs), data, isToken), "merged").toBeLessThan(1e-4);
    for (const [weight, norm] of Object.entries(variant.merged_l2))
      expect(Math.abs(l2(base.parameters[weight]!.dataSync()) / norm - 1), weight).toBeLessThan(1e-6);
    for (const [key, { data }] of [...stored(name)].filter(([key]) => key.startsWith("merged.")))
      expect(maxDifference(base.parameters[key.slice("merged.".length)]!.dataSync(), data), key).toBeLessThan(1e-6);
    model.dispose();
  });

  test.each([false, true])("gradients of A and B alone, gradientCheckpointing %s", async (gradientCheckpointing) => {
    const { variant, model, of, inputs } = await load(name, { gradientCheckpointing });
    const before = memory().numTensors;
    const { value, grads } = valueAndGrads(() => labelLoss(of, model.logprobs(inputs).logps), model.trainable);
    expect(memory().numTensors - before).toBe(1 + variant.adapter_keys.length);
    expect(Math.abs(value.dataSync()[0]! - variant.loss)).toBeLessThan(5e-5);
    expect(Object.keys(grads).sort()).toEqual([...variant.adapter_keys].sort());
    for (const [key, norm] of Object.entries(variant.grad_l2))
      expect(Math.abs(l2(grads[key]!.dataSync()) / norm - 1), key).toBeLessThan(1e-4);
    const norm = Math.hypot(...Object.values(grads).map((grad) => l2(grad.dataSync())));
    expect(Math.abs(norm / variant.grad_global_norm - 1)).toBeLessThan(1e-4);
    for (const [key, { data }] of [...stored(name)].filter(([key]) => key.startsWith("grad.")))
      expect(relativeL2(grads[key.slice("grad.".length)]!.dataSync(), data), key).toBeLessThan(1e-4);
    dispose([value, ...Object.values(grads)]);
    model.dispose();
  });

  test("three AdamW steps", async () => {
    const { variant, model, of, inputs } = await load(name);
    const start = new Map(Object.entries(model.trainable).map(([key, x]) => [key, x.dataSync().slice()]));
    const moments = new Map<string, [Variable, Variable]>();
    const loss = () => labelLoss(of, model.logprobs(inputs).logps);
    for (const [i, expected] of variant.losses_after_steps.entries()) {
      const { value, grads } = valueAndGrads(loss, model.trainable);
      for (const [key, grad] of Object.entries(grads as Record<string, Tensor>)) {
        const [m, v] = moments.get(key) ?? [variable(zerosLike(grad)), variable(zerosLike(grad))];
        moments.set(key, [m, v]);
        const options = { learningRate: 1e-3, weightDecay: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8, step: i + 1 };
        adamwUpdate(model.trainable[key]!, grad, m, v, options);
      }
      dispose([value, ...Object.values(grads)]);
      expect(Math.abs(tidy(() => loss().dataSync()[0]!) - expected)).toBeLessThan(5e-5);
    }
    for (const [key, { data }] of [...stored(name)].filter(([key]) => key.startsWith("after_step3."))) {
      const parameter = key.slice("after_step3.".length);
      const before = start.get(parameter)!;
      const change = (values: ArrayLike<number>) => Float32Array.from(values, (value, j) => value - before[j]!);
      expect(relativeL2(change(model.trainable[parameter]!.dataSync()), change(data)), key).toBeLessThan(2e-2);
    }
    model.dispose();
  });
});
