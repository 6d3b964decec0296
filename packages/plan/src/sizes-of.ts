import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type LoraOptions,
  type ModelConfig,
  readAdapterConfig,
  readOrAssumeConfig,
  type TrainedPart,
  targetedModules,
} from "@videor1/model-qwen25vl";
import type { Job } from "./job.ts";

/** The sizes of what a run loads, from its folders, or by assumption where a folder is not there yet. */
export interface SizesOf {
  model: ModelConfig;
  /** What was assumed, a sentence each. */
  assumed: string[];
}

/** @throws {ModelConfigError} If there is no config.json, and the folder's name says no published size. */
export function sizesOf({ model: folder, adapter }: Pick<TrainedPart, "model" | "adapter">): SizesOf {
  const { config, assumed } = readOrAssumeConfig(folder);
  return {
    model: config,
    assumed: [
      ...(assumed ? [`${folder} is not there: counted as ${assumed}, after its name.`] : []),
      ...(adapter !== undefined && !isThere(adapter)
        ? [`${adapter} is not there: counted as rank ${assumedRank} in all linear layers.`]
        : []),
    ],
  };
}

/** The adapter that a run trains; undefined: the model's own weights. */
export function adapterOf(
  { lora, adapter }: { lora?: LoraOptions | undefined; adapter?: string | undefined },
  model: ModelConfig,
): Job["adapter"] {
  if (lora) return { rank: lora.rank, modules: targetedModules(model, lora.targets) };
  if (adapter === undefined) return undefined;
  const all = targetedModules(model);
  if (!isThere(adapter)) return { rank: assumedRank, modules: all };
  const { rank, isTarget } = readAdapterConfig(adapter);
  return { rank, modules: all.filter(isTarget) };
}

/** That of configs/sft/qwen25vl-7b-lora.yaml. */
const assumedRank = 64;

const isThere = (adapter: string): boolean => existsSync(join(adapter, "adapter_config.json"));
