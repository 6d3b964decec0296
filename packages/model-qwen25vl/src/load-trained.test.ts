import { join } from "node:path";
import { dispose, memory, onesLike, type Scalar, zerosLike } from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { beforeAll, describe, expect, test } from "vitest";
import { caseInputs, golden, goldenCase, labelLoss } from "../test/golden-case.ts";
import { testEngine } from "../test/test-engine.ts";
import { frozenSize, loadReference, loadTrained } from "./load-trained.ts";
import { LoraOptions } from "./lora-options.ts";
import type { Qwen25VL } from "./model.ts";
import { isOfVision } from "./parameters.ts";

beforeAll(async () => void (await initEngine(testEngine)));

const folder = join(golden, "tiny_a");
const of = goldenCase("tiny_a", "mixed");
const inputs = caseInputs(of);
const lora = LoraOptions.parse({ rank: 4, alpha: 8 });

/** The loss's gradients, and how many tensors the tape and the loss held when it was made. */
function gradientsOf(model: Qwen25VL) {
  const before = memory().numTensors;
  let held = 0;
  const loss = (): Scalar => {
    const value = labelLoss(of, model.logprobs(inputs).logps);
    held = memory().numTensors - before;
    return value;
  };
  const { value, grads } = valueAndGrads(loss, model.trainable);
  const values = new Map(Object.entries(grads).map(([name, grad]) => [name, grad.dataSync().slice()]));
  dispose([value, ...Object.values(grads)]);
  return { values, held };
}

describe.each([false, true])("a frozen vision tower, gradientCheckpointing %s", (gradientCheckpointing) => {
  test("takes no gradient and holds no activations; the language model's gradients are the same, bit for bit", async () => {
    const options = { gradientCheckpointing };
    const whole = (await loadTrained({ model: folder, seed: 0 }, undefined, options)).model;
    const part = (await loadTrained({ model: folder, seed: 0, trainable: "language" }, undefined, options)).model;
    const names = Object.keys(whole.parameters);
    const [ofVision, ofLanguage] = [names.filter(isOfVision), names.filter((name) => !isOfVision(name))];
    expect(Object.keys(part.trainable)).toEqual(ofLanguage);
    expect(frozenSize(whole)).toBe(0);
    expect(frozenSize(part)).toBe(ofVision.reduce((total, name) => total + whole.parameters[name]!.size, 0));

    const [all, some] = [gradientsOf(whole), gradientsOf(part)];
    expect([...some.values.keys()].filter(isOfVision)).toEqual([]);
    for (const [name, grad] of some.values) expect(grad, name).toEqual(all.values.get(name));
    const perBlock = gradientCheckpointing ? 15 : 20; // weights, tables and activations that the tape saves of a block
    expect(all.held - some.held).toBeGreaterThan(2 * perBlock * whole.config.vision.depth); // images and videos
    whole.dispose();
    part.dispose();
  });
});

test("a new adapter changes nothing yet, bit for bit, and its reference shares the weights", async () => {
  const part = { model: folder, lora, seed: 5 };
  const before = memory().numTensors;
  const { model, remainders } = await loadTrained(part, undefined);
  const loaded = memory().numTensors;
  expect(remainders).toEqual({});
  expect(frozenSize(model)).toBe(Object.values(model.parameters).reduce((total, { size }) => total + size, 0));
  const reference = await loadReference(part, model);
  expect(memory().numTensors).toBe(loaded);
  const logps = (of: Qwen25VL) => {
    const { logps, entropy } = of.logprobs(inputs);
    const values = logps.dataSync().slice();
    dispose([logps, entropy]);
    return values;
  };
  const brought = reference.bring();
  expect(logps(brought)).toEqual(logps(model));
  const [name] = Object.keys(model.trainable).filter((name) => name.includes("lora_B"));
  const b = model.trainable[name!]!;
  b.assign(onesLike(b));
  expect(logps(brought)).not.toEqual(logps(model));
  brought.dispose();
  expect(logps(reference.bring())).not.toEqual(logps(model)); // the shared weights are still there
  model.dispose();
  expect(memory().numTensors - before).toBeLessThanOrEqual(1); // the ones above
});

test("an adapter that is trained further is its own reference, as it was", async () => {
  const part = { model: folder, adapter: join(golden, "lora", "lora"), seed: 0 };
  const { model } = await loadTrained(part, undefined);
  const reference = (await loadReference(part, model)).bring();
  const logps = (of: Qwen25VL) => of.logprobs(inputs).logps.dataSync().slice();
  const start = logps(model);
  expect(logps(reference)).toEqual(start);
  expect(logps(model.adapted!.base)).not.toEqual(start);
  for (const x of Object.values(model.trainable)) x.assign(zerosLike(x));
  expect(logps(reference)).toEqual(start);
  expect(logps(model)).toEqual(logps(model.adapted!.base));
});
