import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { hubName, isOfVision, parameterShapes } from "./parameters.ts";
import { publishedConfig, publishedNames, readOrAssumeConfig } from "./published-configs.ts";

const folder = mkdtempSync(join(tmpdir(), "published-"));
afterAll(() => rmSync(folder, { recursive: true }));

const sizeOf = (entries: [string, readonly number[]][]) =>
  entries.reduce((total, [, shape]) => total + shape.reduce((product, size) => product * size, 1), 0);

// as the Hub counts them
const parameters = {
  "Qwen2.5-VL-3B-Instruct": 3_754_622_976,
  "Qwen2.5-VL-7B-Instruct": 8_292_166_656,
  "Qwen2.5-VL-32B-Instruct": 33_452_718_336,
  "Qwen2.5-VL-72B-Instruct": 73_410_777_344,
};

test.each(publishedNames)("%s has as many parameters as published", (name) => {
  expect(sizeOf(Object.entries(parameterShapes(publishedConfig(name))))).toBe(parameters[name]);
});

test("the vision tower of the 7B; the head of the 3B is its embedding", () => {
  const shapes = Object.entries(parameterShapes(publishedConfig("Qwen2.5-VL-7B-Instruct")));
  expect(sizeOf(shapes.filter(([name]) => isOfVision(name)))).toBe(676_550_144);
  const names = Object.keys(parameterShapes(publishedConfig("Qwen2.5-VL-3B-Instruct"))).map(hubName);
  expect(names).not.toContain("lm_head.weight");
  expect(names).toContain("model.embed_tokens.weight");
  expect(names).toContain("visual.merger.mlp.2.bias");
});

test.each([
  ["checkpoints/Qwen2.5-VL-72B-Instruct", "Qwen2.5-VL-72B-Instruct"],
  ["runs/qwen25vl-7b/sft/model", "Qwen2.5-VL-7B-Instruct"],
  ["qwen2_5_vl_3b", "Qwen2.5-VL-3B-Instruct"],
])("%s is named after its size", (path, name) => {
  const { config, assumed } = readOrAssumeConfig(path);
  expect(assumed).toBe(name);
  expect(config).toEqual(publishedConfig(name as keyof typeof parameters));
});

test("a folder that is there is read, whatever its name; without a size in its name it must be", () => {
  const path = mkdtempSync(join(folder, "qwen25vl-7b-"));
  const { source } = publishedConfig("Qwen2.5-VL-3B-Instruct");
  writeFileSync(join(path, "config.json"), JSON.stringify(source));
  expect(readOrAssumeConfig(path)).toEqual({ config: publishedConfig("Qwen2.5-VL-3B-Instruct") });
  for (const unknown of ["runs/mine", "qwen25vl-8b"])
    expect(() => readOrAssumeConfig(unknown)).toThrow(`${unknown}/config.json: there is no such file`);
});
