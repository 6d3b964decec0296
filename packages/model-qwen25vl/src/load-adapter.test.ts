import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openSafetensors, type SafetensorsTensor, writeSafetensors } from "@videor1/safetensors";
import { beforeAll, describe, expect, test } from "vitest";
import { golden } from "../test/golden-case.ts";
import { useModelFolders } from "../test/model-folders.ts";
import { type ModelConfig, parseConfig } from "./config.ts";
import { createAdapter } from "./create-adapter.ts";
import { isIdleAdapter, loadAdapter } from "./load-adapter.ts";
import { LoraOptions } from "./lora-options.ts";
import { loadModel } from "./model.ts";
import { saveAdapter } from "./save-adapter.ts";

const newFolder = useModelFolders();
const q_v = join(golden, "lora", "q_v");
const configOf = (model: string) => parseConfig(JSON.parse(readFileSync(join(golden, model, "config.json"), "utf8")));
let config: ModelConfig;
beforeAll(() => {
  config = configOf("tiny_a");
});

const valuesOf = (adapter: Awaited<ReturnType<typeof loadAdapter>>) =>
  Object.entries(adapter.parameters).map(([key, x]) => [key, x.shape, x.dataSync()]);

test.each(["lora", "rslora", "q_v"])("PEFT's adapter %s, saved and loaded again, is the same", async (name) => {
  const adapter = await loadAdapter(join(golden, "lora", name), config);
  const folder = newFolder();
  await saveAdapter(adapter, folder, "Qwen/Qwen2.5-VL-7B-Instruct");
  const again = await loadAdapter(folder, config);
  expect(valuesOf(again)).toEqual(valuesOf(adapter));
  expect({ ...again, parameters: 0 }).toEqual({ ...adapter, parameters: 0 });

  const keys = (path: string) => {
    const file = openSafetensors(join(path, "adapter_model.safetensors"));
    file.close();
    return [...file.names].sort();
  };
  expect(keys(folder)).toEqual(keys(join(golden, "lora", name)));
  const json = (path: string) => JSON.parse(readFileSync(join(path, "adapter_config.json"), "utf8"));
  const [ours, theirs] = [json(folder), json(join(golden, "lora", name))];
  for (const key of Object.keys(ours).filter((key) => !["target_modules", "base_model_name_or_path"].includes(key)))
    expect([key, ours[key]]).toEqual([key, theirs[key]]);
  expect(ours.base_model_name_or_path).toBe("Qwen/Qwen2.5-VL-7B-Instruct");
  expect(ours.target_modules).toContain("layers.0.self_attn.q_proj");
});

/** A copy of PEFT's adapter with other tensors or another config. */
function changed(tensors: (all: SafetensorsTensor[]) => SafetensorsTensor[], settings: object = {}): string {
  const folder = newFolder();
  cpSync(q_v, folder, { recursive: true });
  const path = join(folder, "adapter_config.json");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...settings }));
  const file = openSafetensors(join(q_v, "adapter_model.safetensors"));
  const all = file.names.map(
    (name): SafetensorsTensor => ({
      name,
      dtype: "F32",
      shape: file.info(name).shape,
      data: file.read(name) as Float32Array,
    }),
  );
  file.close();
  writeSafetensors(join(folder, "adapter_model.safetensors"), tensors(all), { format: "pt" });
  return folder;
}
const renamed = (from: string, to: string) =>
  changed((all) => all.map((tensor) => ({ ...tensor, name: tensor.name.replace(from, to) })));
const with_ = (settings: object) => changed((all) => all, settings);
const module = "base_model.model.model.language_model.layers.0.self_attn.q_proj";

test.each<[string, () => string]>([
  ["the names of transformers before 4.52", () => renamed("model.language_model.layers", "model.layers")],
  ["bfloat16", () => changed((all) => all.map((tensor) => ({ ...tensor, dtype: "BF16" })))],
  ["a pattern", () => with_({ target_modules: ".*language_model.*\\.(q|v)_proj" })],
  [
    "the last names, which select those of the vision tower in the full list",
    () => with_({ target_modules: ["q_proj", "v_proj"] }),
  ],
  [
    "all but some",
    () => with_({ target_modules: ".*language_model.*_proj", exclude_modules: ".*(k|o|gate|up|down)_proj" }),
  ],
])("read too: %s", async (name, folder) => {
  const [found, expected] = [await loadAdapter(folder(), config), await loadAdapter(q_v, config)];
  expect(found.modules).toEqual(expected.modules);
  if (name !== "bfloat16") expect(valuesOf(found)).toEqual(valuesOf(expected));
});

describe("refused, with what is wrong", () => {
  test.each<[string, () => string, RegExp]>([
    [
      "vLLM's names",
      () => renamed("model.model.language_model.layers", "model.language_model.model.layers"),
      /unexpected: base_model.model.language_model.model.layers.+missing: /,
    ],
    [
      "names without the prefix, which PEFT passes over",
      () => renamed("base_model.model.model", "base_model.model"),
      /unexpected: .+ and 8 more; missing: /,
    ],
    [
      "a tensor less",
      () => changed((all) => all.slice(1)),
      /missing: base_model.+layers.0.self_attn.q_proj.lora_A.weight\. /,
    ],
    [
      "a key of the vision tower",
      () =>
        changed((all) => [
          ...all,
          { ...all[0]!, name: "base_model.model.model.visual.blocks.0.mlp.up_proj.lora_A.weight" },
        ]),
      /unexpected: base_model.model.model.visual/,
    ],
    ["another rank", () => with_({ r: 8 }), /lora_A.weight is \[4,\d+\], the model and r need \[8,\d+\]/],
    ["fewer targets than keys", () => with_({ target_modules: ["q_proj"] }), /unexpected: .+v_proj/],
    ["more targets than keys", () => with_({ target_modules: ["q_proj", "v_proj", "k_proj"] }), /missing: .+k_proj/],
    [
      "a tensor twice",
      () =>
        changed((all) => [
          ...all,
          {
            ...all[0]!,
            name: `base_model.model.${module.slice("base_model.model.".length).replace("language_model.", "")}.lora_A.weight`,
          },
        ]),
      /unexpected: base_model/,
    ],
    ["DoRA", () => with_({ use_dora: true }), /use_dora is true .+Plain LoRA is supported/],
    ["a bias", () => with_({ bias: "all" }), /bias is "all"/],
    [
      "modules that are trained whole",
      () => with_({ modules_to_save: ["lm_head"] }),
      /modules_to_save is \["lm_head"\]/,
    ],
    ["a rank for each module", () => with_({ rank_pattern: { q_proj: 8 } }), /rank_pattern is {"q_proj":8}/],
    ["another method", () => with_({ peft_type: "LOHA" }), /peft_type is "LOHA"/],
    ["a pattern that cannot be read", () => with_({ target_modules: "(" }), /the pattern "\(" cannot be read/],
  ])("%s", async (_, folder, message) => {
    const path = folder();
    const error = await loadAdapter(path, config).catch((error: Error) => error);
    expect(error).toMatchObject({ name: "AdapterError", folder: path, message: expect.stringMatching(message) });
  });

  test("an adapter of another model", async () => {
    const error = await loadAdapter(join(golden, "lora", "tied"), config).catch((error: Error) => error);
    expect((error as Error).message).toMatch(/need \[|missing/);
  });

  test.each<[string, (folder: string) => void, string]>([
    ["no folder", (folder) => rmSync(folder, { recursive: true }), "there is no adapter_config.json"],
    [
      "no weights",
      (folder) => rmSync(join(folder, "adapter_model.safetensors")),
      "there is no adapter_model.safetensors",
    ],
    ["no JSON", (folder) => writeFileSync(join(folder, "adapter_config.json"), "{"), "cannot be read as JSON"],
  ])("%s", async (_, damage, message) => {
    const folder = with_({});
    damage(folder);
    await expect(loadAdapter(folder, config)).rejects.toThrow(message);
  });

  test("an adapter in the place of a model", async () => {
    await expect(loadModel(q_v)).rejects.toThrow("The folder holds a LoRA adapter: give it as adapter");
  });
});

test("an adapter is idle if A or B of every linear layer is 0", async () => {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  await saveAdapter(createAdapter(config, LoraOptions.parse({ rank: 4, alpha: 8 }), 1), folder, "base");
  const zero = (part: string) =>
    changed((all) =>
      all.map((x) => (x.name.includes(part) ? { ...x, data: new Float32Array((x.data as Float32Array).length) } : x)),
    );
  expect([folder, q_v, zero("lora_A"), zero("lora_B"), zero("q_proj.lora_B")].map(isIdleAdapter)).toEqual([
    true,
    false,
    true,
    true,
    false,
  ]);
});
