import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openSafetensors } from "@videor1/safetensors";
import { describe, expect, test } from "vitest";
import { golden, readJson } from "../test/golden-case.ts";
import { useModelFolders, values } from "../test/model-folders.ts";
import { loadModel } from "./model.ts";
import { type SaveOptions, saveModel } from "./save-model.ts";

const newFolder = useModelFolders();

async function saved(folder: string, options?: SaveOptions): Promise<string> {
  const model = await loadModel(join(golden, folder));
  const target = newFolder();
  await saveModel(model, target, options);
  model.dispose();
  return target;
}

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
