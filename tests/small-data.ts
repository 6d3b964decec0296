import { join } from "node:path";
import { loadConfig } from "@videor1/cli";
import { initEngine } from "@videor1/engine";
import { dataTexts, MiniatureConfig, makeData, makeModel } from "@videor1/miniature";
import { root } from "./run-cli.ts";

export interface SmallData {
  data: string;
  /** A model with random weights that knows the data's words. */
  init: string;
  /** Settings of `sft` for this data. */
  sft: readonly string[];
  /** Settings of `rl` for this data, but for the model. */
  rl: readonly string[];
}

/** Makes a folder with a few clips and a model of the smoke recipe's size. */
export async function makeSmallData(folder: string): Promise<SmallData> {
  const recipe = loadConfig(MiniatureConfig, join(root, "configs/miniature-smoke.yaml"));
  const [data, init] = [join(folder, "data"), join(folder, "init")];
  await makeData(data, { ...recipe.data, sizes: { sft: 60, rl: 12, eval: 1, validation: 10 }, seed: 3 });
  await initEngine({ backend: "wasm" });
  await makeModel(init, recipe.model, await dataTexts(data), 3);
  const sft = [
    ...["configs/sft/miniature.yaml", `model=${init}`, `data.media.mediaRoot=${data}`],
    `data.phases.0.records=${join(data, "sft-reason.json")}`,
    `data.phases.1.records=${join(data, "sft-mixed.json")}`,
    ...["optimizer.learningRate=3e-3", "optimizer.warmupSteps=5", "batchSize=12"],
  ];
  const rl = [
    ...["configs/rl/miniature.yaml", `data.media.mediaRoot=${data}`, `data.records=${join(data, "rl.json")}`],
    ...["promptsPerStep=2", "rollout.numGenerations=4", "rollout.maxCompletionLength=24", "optimizer.warmupSteps=0"],
  ];
  return { data, init, sft, rl };
}
