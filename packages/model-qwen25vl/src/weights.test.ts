import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory } from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import { openSafetensors, type SafetensorsTensor, writeSafetensors } from "@videor1/safetensors";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caseInputs, golden, goldenCase, readJson } from "../test/golden-case.ts";
import { testEngine } from "../test/test-engine.ts";
import { parseConfig } from "./config.ts";
import { WeightsError } from "./errors.ts";
import { createModel, loadModel, type Qwen25VL } from "./model.ts";
import { hubName, parameterName, parameterShapes } from "./parameters.ts";
import { type SaveOptions, saveModel } from "./save-model.ts";

const root = mkdtempSync(join(tmpdir(), "weights-"));
let count = 0;
const newFolder = () => join(root, String(count++));
beforeAll(async () => void (await initEngine(testEngine)));
afterAll(() => rmSync(root, { recursive: true }));

const values = ({ parameters }: Qwen25VL) =>
  Object.entries(parameters).map(([name, parameter]) => [name, parameter.shape, parameter.dataSync()]);

async function saved(folder: string, options?: SaveOptions): Promise<string> {
  const model = await loadModel(join(golden, folder));
  const target = newFolder();
  await saveModel(model, target, options);
  model.dispose();
  return target;
}

/** A copy of tiny_a whose tensors are changed by `change`. */
function tampered(change: (tensors: SafetensorsTensor[]) => SafetensorsTensor[]): string {
  const folder = newFolder();
  cpSync(join(golden, "tiny_a"), folder, { recursive: true });
  const file = openSafetensors(join(folder, "model.safetensors"));
  const tensors = file.names.map((name) => ({
    name,
    dtype: "F32" as const,
    shape: file.info(name).shape,
    data: file.read(name),
  }));
  file.close();
  writeSafetensors(join(folder, "model.safetensors"), change(tensors));
  return folder;
}

test.each([
  ["visual.blocks.3.attn.qkv.bias", "model.visual.blocks.3.attn.qkv.bias"],
  ["model.layers.0.mlp.up_proj.weight", "model.language_model.layers.0.mlp.up_proj.weight"],
  ["model.embed_tokens.weight", "model.language_model.embed_tokens.weight"],
  ["model.norm.weight", "model.language_model.norm.weight"],
  ["lm_head.weight", "lm_head.weight"],
])("%s is %s", (hub, name) => {
  expect(parameterName(hub)).toBe(name);
  expect(parameterName(name)).toBe(name);
  expect(hubName(name)).toBe(hub);
});

test.each([
  [
    "3B",
    {
      hidden_size: 2048,
      intermediate_size: 11008,
      num_hidden_layers: 36,
      num_attention_heads: 16,
      num_key_value_heads: 2,
      vocab_size: 151936,
      tie_word_embeddings: true,
    },
    824,
    3_754_622_976,
  ],
  [
    "7B",
    {
      hidden_size: 3584,
      intermediate_size: 18944,
      num_hidden_layers: 28,
      num_attention_heads: 28,
      num_key_value_heads: 4,
      vocab_size: 152064,
      tie_word_embeddings: false,
    },
    729,
    8_292_166_656,
  ],
])("the %s model has %j: %i tensors, %i parameters", (_, text, tensors, parameters) => {
  const rope_scaling = { type: "mrope", mrope_section: [16, 24, 24] };
  const shapes = Object.values(parameterShapes(parseConfig({ model_type: "qwen2_5_vl", ...text, rope_scaling })));
  expect(shapes.length).toBe(tensors);
  expect(shapes.reduce((sum, shape) => sum + shape.reduce((size, length) => size * length, 1), 0)).toBe(parameters);
});

describe("saving and loading is bit-exact", () => {
  test.each<[string, string, SaveOptions]>([
    ["one F32 file with Hub names", "tiny_a", {}],
    ["F32 shards with new names", "tiny_a", { maxShardBytes: 200_000, names: "new" }],
    ["BF16 shards of a BF16 checkpoint", "tiny_b", { dtype: "BF16", maxShardBytes: 100_000 }],
    ["a BF16 checkpoint in F32", "tiny_b", { dtype: "F32" }],
  ])("%s", async (_, folder, options) => {
    const target = await saved(folder, options);
    const [original, copy] = [await loadModel(join(golden, folder)), await loadModel(target)];
    expect(values(copy)).toEqual(values(original));
    expect({ ...copy.config, source: null }).toEqual({ ...original.config, source: null });
    expect(copy.generationConfig).toEqual(original.generationConfig);
    for (const model of [original, copy]) model.dispose();
  });

  test("BF16 rounds float32 weights, each by at most 2^-8", async () => {
    const [original, copy] = [
      await loadModel(join(golden, "tiny_a")),
      await loadModel(await saved("tiny_a", { dtype: "BF16" })),
    ];
    const [a, b] = [original, copy].map((model) =>
      Object.values(model.parameters).flatMap((parameter) => [...parameter.dataSync()]),
    );
    expect(a!.every((value, i) => Math.abs(value - b![i]!) <= Math.abs(value) * 2 ** -8)).toBe(true);
    for (const model of [original, copy]) model.dispose();
  });
});

describe("files", () => {
  test("shards are those of transformers: index, total size, Hub names, no tied head", async () => {
    const target = await saved("tiny_b", { dtype: "BF16", maxShardBytes: 100_000 });
    const index = JSON.parse(readFileSync(join(target, "model.safetensors.index.json"), "utf8"));
    const recorded = readJson<typeof index>("tiny_b", "model.safetensors.index.json");
    expect(Object.keys(index.weight_map).sort()).toEqual(Object.keys(recorded.weight_map).sort());
    expect(index.metadata.total_size).toBe(recorded.metadata.total_size);
    const files = readdirSync(target).filter((file) => file.endsWith(".safetensors"));
    expect(files.length).toBeGreaterThan(2);
    expect(files.every((file) => /^model-0000\d-of-0000\d\.safetensors$/.test(file))).toBe(true);
    expect(openSafetensors(join(target, files[0]!)).metadata).toEqual({ format: "pt" });
  });

  test.each(["tiny_a", "tiny_b"])(
    "config.json of %s keeps its layout and unknown fields, and tells the dtype",
    async (folder) => {
      const recorded = readJson<Record<string, object>>(folder, "config.json");
      const written = JSON.parse(readFileSync(join(await saved(folder, { dtype: "BF16" }), "config.json"), "utf8"));
      expect(written).toMatchObject({ ...recorded, [folder === "tiny_a" ? "dtype" : "torch_dtype"]: "bfloat16" });
    },
  );

  test("a config that names the dtype twice is right twice", async () => {
    const from = newFolder();
    cpSync(join(golden, "tiny_a"), from, { recursive: true });
    const config = readJson<object>("tiny_a", "config.json");
    writeFileSync(join(from, "config.json"), JSON.stringify({ ...config, torch_dtype: "float32", dtype: "float32" }));
    const model = await loadModel(from);
    const target = newFolder();
    await saveModel(model, target, { dtype: "BF16" });
    model.dispose();
    const written = JSON.parse(readFileSync(join(target, "config.json"), "utf8"));
    expect(written).toMatchObject({ torch_dtype: "bfloat16", dtype: "bfloat16" });
  });

  test("saving again removes the shards of before", async () => {
    const model = await loadModel(join(golden, "tiny_a"));
    const target = newFolder();
    await saveModel(model, target, { maxShardBytes: 200_000 });
    await saveModel(model, target);
    expect(readdirSync(target).sort()).toEqual(["config.json", "generation_config.json", "model.safetensors"]);
    model.dispose();
  });
});

describe("a checkpoint that is not whole is an error, and leaves no tensor behind", () => {
  const rename = (from: string, to: string) => (tensors: SafetensorsTensor[]) =>
    tensors.map((tensor) => (tensor.name === from ? { ...tensor, name: to } : tensor));
  const norm = "model.language_model.norm.weight";

  test.each<[string, () => string, string[]]>([
    [
      "a missing and an unexpected tensor",
      () => tampered(rename(norm, "model.extra.weight")),
      [`missing: ${norm}`, "unexpected: model.extra.weight"],
    ],
    [
      "a wrong shape",
      () => tampered((tensors) => tensors.map((t) => (t.name === norm ? { ...t, shape: [8, 8] } : t))),
      [`wrong shape: ${norm}: file [8,8], config [64]`],
    ],
    [
      "the same tensor under both names",
      () =>
        tampered((tensors) => [
          ...tensors,
          { ...tensors.find(({ name }) => name === norm)!, name: "model.norm.weight" },
        ]),
      ["unexpected: model.norm.weight"],
    ],
    [
      "integers",
      () =>
        tampered((tensors) =>
          tensors.map((t) => (t.name === norm ? { ...t, dtype: "I32", data: new Int32Array(64) } : t)),
        ),
      [`${norm}: file has dtype I32`],
    ],
    [
      "a file cut short",
      () => {
        const folder = tampered((tensors) => tensors);
        truncateSync(join(folder, "model.safetensors"), 500_000);
        return folder;
      },
      ["model.safetensors", "holds only"],
    ],
    [
      "no weights",
      () => {
        const folder = tampered((tensors) => tensors);
        rmSync(join(folder, "model.safetensors"));
        return folder;
      },
      ["there is no model.safetensors"],
    ],
    [
      "an index that points outside",
      () => {
        const folder = tampered((tensors) => tensors);
        writeFileSync(
          join(folder, "model.safetensors.index.json"),
          JSON.stringify({ weight_map: { [norm]: "../model.safetensors" } }),
        );
        return folder;
      },
      ['names "../model.safetensors", not a file of the folder'],
    ],
    [
      "an index that is not JSON",
      () => {
        const folder = tampered((tensors) => tensors);
        writeFileSync(join(folder, "model.safetensors.index.json"), "{");
        return folder;
      },
      ["is not JSON with a weight_map"],
    ],
    [
      "a missing shard",
      () => {
        const folder = newFolder();
        cpSync(join(golden, "tiny_b"), folder, { recursive: true });
        rmSync(join(folder, "model-00002-of-00002.safetensors"));
        return folder;
      },
      ["model-00002-of-00002.safetensors", "ENOENT"],
    ],
  ])("%s", async (_, folder, messages) => {
    const before = memory().numTensors;
    const error: Error = await loadModel(folder()).then(
      () => expect.unreachable(),
      (error) => error,
    );
    for (const message of messages) expect(error.message).toContain(message);
    expect(memory().numTensors).toBe(before);
  });

  test("WeightsError carries the names as fields", async () => {
    const error = await loadModel(tampered(rename(norm, "x"))).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(WeightsError);
    expect(error).toMatchObject({ code: "WEIGHTS_MISMATCH", missing: [norm], unexpected: ["x"], misshaped: [] });
  });

  test("no config.json", async () => {
    await expect(loadModel(root)).rejects.toThrow("config.json: cannot be read as JSON");
  });
});

test("a stored head of a tied model and rotary buffers are passed over", async () => {
  const folder = newFolder();
  cpSync(join(golden, "tiny_b"), folder, { recursive: true });
  const shard = join(folder, "model-00002-of-00002.safetensors");
  const file = openSafetensors(shard);
  const tensors: SafetensorsTensor[] = file.names.map((name) => ({
    name,
    dtype: "BF16",
    shape: file.info(name).shape,
    data: file.read(name),
  }));
  file.close();
  const extra = (name: string): SafetensorsTensor => ({ name, dtype: "BF16", shape: [2], data: new Float32Array(2) });
  writeSafetensors(shard, [...tensors, extra("lm_head.weight"), extra("model.layers.0.self_attn.rotary_emb.inv_freq")]);
  (await loadModel(folder)).dispose();
});

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
