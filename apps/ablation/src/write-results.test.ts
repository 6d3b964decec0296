import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "@videor1/cli";
import { afterAll, expect, test } from "vitest";
import { AblationConfig } from "./config.ts";
import { rewriteResults } from "./write-results.ts";

const folder = mkdtempSync(join(tmpdir(), "write-results-"));
afterAll(() => rmSync(folder, { recursive: true }));
const root = join(import.meta.dirname, "../../..");

test.each(["smoke", "full"])("from= makes the committed page and .json at %s size again, byte for byte", (size) => {
  const stem = join(root, `docs/results/miniature-ablation-${size}_wasm_2026-11-20`);
  const output = join(folder, `${size}.md`);
  const config = loadConfig(AblationConfig, join(root, `configs/ablation/${size}.yaml`), [`output=${output}`]);
  const { page, results } = rewriteResults(config, `${stem}.json`);
  expect(page).toBe(output);
  expect(readFileSync(output, "utf8")).toBe(readFileSync(`${stem}.md`, "utf8"));
  expect(readFileSync(join(folder, `${size}.json`), "utf8")).toBe(readFileSync(`${stem}.json`, "utf8"));
  const contrast = results.comparisons.find(({ arm, base }) => arm === "contrast-clip" && base === "grpo")!;
  expect(contrast.comparisons.trap!.mean).toBeCloseTo({ smoke: 0.033125, full: 0.05125 }[size]!, 9);
});
