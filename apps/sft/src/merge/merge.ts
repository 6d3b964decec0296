import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { initEngine } from "@videor1/engine";
import {
  loadAdapter,
  loadModel,
  mergeAdapter,
  saveModel,
  storedDtype,
  warnOfIdleAdapter,
} from "@videor1/model-qwen25vl";
import { copyProcessor } from "@videor1/processor-qwen25vl";
import { writeFolder } from "@videor1/runs";
import type { MergeConfig } from "./config.ts";

/**
 * Writes the model whose weights are W + s B A, with its processor and tokenizer. The sum is made in float32 and rounded once
 * to the dtype that is written.
 *
 * @throws {MergeError} If the output folder is an input, or holds something else than a model.
 */
export async function merge(config: MergeConfig, print: (line: string) => void): Promise<void> {
  const { model: folder, adapter: adapterFolder, outputDir } = config;
  checkOutput(config);
  warnOfIdleAdapter(adapterFolder, print);
  const { backend } = await initEngine(config.engine);
  const stored = storedDtype(folder);
  const dtype = config.dtype ?? stored;
  // bfloat16 weights stay so where the backend can, at half the memory; elsewhere float32 holds them exactly
  const isNarrow = backend === "torch" && stored === "bfloat16" && dtype === "bfloat16";
  const model = await loadModel(folder, { dtype: isNarrow ? "bfloat16" : "float32" });
  mergeAdapter(model, await loadAdapter(adapterFolder, model.config));
  await writeFolder(outputDir, async (temporary) => {
    await saveModel(model, temporary, { dtype: dtype === "bfloat16" ? "BF16" : "F32" });
    copyProcessor(folder, temporary);
  });
}

/** The output folder of a merge would overwrite what it must not. */
export class MergeError extends Error {
  override readonly name = "MergeError";
  readonly code = "MERGE_OUTPUT";
  readonly folder: string;
  readonly hint = "Give a new folder as outputDir.";

  constructor(folder: string, what: string) {
    super(`${folder} ${what}`);
    this.folder = folder;
  }
}

function checkOutput({ model, adapter, outputDir }: MergeConfig): void {
  if ([model, adapter].some((input) => resolve(input) === resolve(outputDir)))
    throw new MergeError(outputDir, "is a folder that the merge reads");
  if (existsSync(outputDir) && readdirSync(outputDir).length > 0 && !existsSync(join(outputDir, "config.json")))
    throw new MergeError(outputDir, "holds something else than a model");
}
