import { join } from "node:path";
import { dispose, memory, type Scalar, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caseInputs, cases, golden, goldenCase, labelLoss, maxDifference } from "../test/golden-case.ts";
import { testEngine } from "../test/test-engine.ts";
import { checkInputs } from "./inputs.ts";
import { loadModel, type Qwen25VL } from "./model.ts";
import { createNetwork } from "./network.ts";

beforeAll(async () => void (await initEngine(testEngine)));

describe.each(Object.entries(cases))("%s equals transformers 5.12.1", (folder, names) => {
  const models = {} as Record<"classic" | "hf5", Qwen25VL>;
  beforeAll(async () => {
    for (const positions of ["classic", "hf5"] as const)
      models[positions] = await loadModel(join(golden, folder), { positions });
  });
  afterAll(() => {
    for (const model of Object.values(models)) model.dispose();
  });

  describe.each(["classic", "hf5"] as const)("%s positions", (semantics) => {
    test.each(names)("%s: logits, log-probabilities, entropy, loss", (name) => {
      const of = goldenCase(folder, name);
      const variant = of[semantics];
      if (!variant) return; // both semantics give the same positions: recorded as classic
      const inputs = caseInputs(of);
      const mask = of.stored("in.attention_mask").data;
      const [B, L] = of.stored("in.attention_mask").shape as [number, number];
      const isToken = (i: number) => mask[i] === 1;
      const isPair = (i: number) =>
        isToken(Math.floor(i / (L - 1)) * L + (i % (L - 1))) &&
        isToken(Math.floor(i / (L - 1)) * L + (i % (L - 1)) + 1);

      const { logps, entropy } = models[semantics].logprobs(inputs);
      expect(logps.shape).toEqual([B, L - 1]);
      expect(maxDifference(logps.dataSync(), of.stored(`out.${semantics}.logprobs`).data, isPair)).toBeLessThan(5e-5);
      const entropyHere = entropy.dataSync();
      const expected = Array.from(
        entropyHere,
        (_, i) => of.stored(`out.${semantics}.entropy`).data[Math.floor(i / (L - 1)) * L + (i % (L - 1))]!,
      );
      expect(maxDifference(entropyHere, expected, isPair)).toBeLessThan(5e-5);
      expect(Math.abs(labelLoss(of, logps).dataSync()[0]! - variant.loss)).toBeLessThan(1e-5);

      if (!of.has(`out.${semantics}.logits`)) return;
      const { logits } = models[semantics].forward(inputs);
      const V = logits.shape[2];
      expect(logits.shape).toEqual([B, L, V]);
      const difference = maxDifference(logits.dataSync(), of.stored(`out.${semantics}.logits`).data, (i) =>
        isToken(Math.floor(i / V)),
      );
      expect(difference).toBeLessThan(1e-4);
    });
  });

  test.each(names)("%s: vision features and hidden states", (name) => {
    const of = goldenCase(folder, name);
    const { config, parameters } = models.classic;
    const seen = new Map<string, Tensor>();
    const compared: string[] = [];
    tidy(() => {
      const network = createNetwork(config, parameters);
      network.encode(checkInputs(caseInputs(of), config), {
        observe: (name, activation) => seen.set(name, activation.clone()),
      });
      for (const [name, activation] of seen) {
        const key = name.endsWith(".embeds")
          ? `vis.${name}`
          : `hid.${/^(image|video)\./.test(name) ? "" : "txt."}${name}`;
        if (!of.has(key)) continue;
        compared.push(key);
        expect(maxDifference(activation.dataSync(), of.stored(key).data), key).toBeLessThan(1e-4);
      }
    });
    expect(compared.sort()).toEqual(of.names.filter((key) => /^hid\.|^vis\..*\.embeds$/.test(key)).sort());
  });
});

test("without a tape a layer leaves its output, which the next one frees, and its keys and values", async () => {
  const { config, parameters, dispose } = await loadModel(join(golden, "tiny_a"));
  const held = new Map<string, number>();
  tidy(() => {
    createNetwork(config, parameters).encode(checkInputs(caseInputs(goldenCase("tiny_a", "batch_left")), config), {
      observe: (name) => held.set(name, memory().numTensors),
    });
  });
  const growth = (prefix: string) => {
    const counts = [...held].flatMap(([name, count]) => (name.startsWith(prefix) ? [count] : []));
    return counts.slice(1).map((count, i) => count - counts[i]!);
  };
  expect(new Set(growth("video.block"))).toEqual(new Set([0]));
  expect(new Set(growth("layer"))).toEqual(new Set([2]));
  dispose();
});

describe.each([false, true])("memory, gradientCheckpointing %s", (gradientCheckpointing) => {
  test("forward, logprobs, gradients and generate leave nothing behind", async () => {
    const model = await loadModel(join(golden, "tiny_a"), { gradientCheckpointing });
    const of = goldenCase("tiny_a", "batch_left");
    const inputs = caseInputs(of);
    const prompts = caseInputs(of, "prompts");
    const completions = {
      ids: Int32Array.of(1, 2, 3, 4, 5, 0),
      lengths: Int32Array.of(3, 2),
      promptOf: Int32Array.of(0, 1),
    };
    const round = async () => {
      model.forward(inputs).logits.dispose();
      for (const logprobs of [() => model.logprobs(inputs), () => model.logprobs(prompts, completions)]) {
        dispose(logprobs());
        const { value, grads } = valueAndGrads(() => sum<Scalar>(logprobs().logps), model.parameters);
        dispose([value, grads]);
      }
      await model.generate(prompts, { maxNewTokens: 6, numReturnSequences: [1, 2, 0], topK: 20 });
    };
    await round();
    const before = memory();
    await round();
    expect(memory().numTensors).toBe(before.numTensors);
    expect(memory().numBytes).toBe(before.numBytes);
    model.dispose();
    expect(memory().numTensors).toBe(before.numTensors - Object.keys(model.parameters).length);
  });
});
