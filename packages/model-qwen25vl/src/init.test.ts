import { describe, expect, test } from "vitest";
import { caseInputs, goldenCase, readJson } from "../test/golden-case.ts";
import { useModelFolders, values } from "../test/model-folders.ts";
import { parseConfig } from "./config.ts";
import { createModel, loadModel, type Qwen25VL } from "./model.ts";
import { saveModel } from "./save-model.ts";

const newFolder = useModelFolders();

describe("createModel", () => {
  const config = parseConfig(readJson("tiny_a", "config.json"));
  test("a seed decides the weights", () => {
    const [a, b, other] = [1, 1, 2].map((seed) => createModel(config, { seed }));
    expect(values(a!)).toEqual(values(b!));
    expect(values(a!)).not.toEqual(values(other!));
    for (const model of [a!, b!, other!]) model.dispose();
  });

  test("matrices have the scheme's standard deviation, norms are 1, biases 0, the padding row 0", () => {
    const padded = { ...config, text: { ...config.text, padTokenId: 3 } };
    const std = (model: Qwen25VL, name: string) => {
      const data = model.parameters[name]!.dataSync<"float32">();
      return Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
    };
    const normal = createModel(padded, { seed: 0, scheme: { kind: "normal", std: 0.1 } });
    const fanIn = createModel(padded, { seed: 0, scheme: { kind: "fanIn" } });
    const [down, up] = ["down", "up"].map((part) => `model.language_model.layers.1.mlp.${part}_proj.weight`);
    expect(std(normal, up!)).toBeCloseTo(0.1, 2);
    expect(std(fanIn, up!)).toBeCloseTo(0.7 / Math.sqrt(64), 2);
    expect(std(fanIn, down!)).toBeCloseTo(0.7 / Math.sqrt(128) / Math.sqrt(6), 2);
    expect(std(fanIn, "model.visual.patch_embed.proj.weight")).toBeCloseTo(0.7 / Math.sqrt(1176), 3);
    expect(std(fanIn, "model.language_model.embed_tokens.weight")).toBeCloseTo(0.15, 2);
    expect(new Set(fanIn.parameters["model.language_model.norm.weight"]!.dataSync())).toEqual(new Set([1]));
    expect(new Set(fanIn.parameters["model.visual.merger.mlp.0.bias"]!.dataSync())).toEqual(new Set([0]));
    const padRow = fanIn.parameters["model.language_model.embed_tokens.weight"]!.dataSync().slice(3 * 64, 4 * 64);
    expect(new Set(padRow)).toEqual(new Set([0]));
    for (const model of [normal, fanIn]) model.dispose();
  });

  test("the ending tokens come from the config, and a saved model is the same model", async () => {
    const model = createModel(config, { seed: 3, scheme: { kind: "fanIn" } });
    expect(model.generationConfig.eosTokenIds).toEqual([502]);
    const folder = newFolder();
    await saveModel(model, folder);
    const copy = await loadModel(folder);
    const inputs = caseInputs(goldenCase("tiny_a", "batch_left"));
    expect(copy.forward(inputs).logits.dataSync()).toEqual(model.forward(inputs).logits.dataSync());
    expect(copy.generationConfig.eosTokenIds).toEqual([502]);
    for (const each of [model, copy]) each.dispose();
  });
});
