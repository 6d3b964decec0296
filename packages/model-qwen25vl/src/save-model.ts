import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Variable } from "@tensorflow/tfjs-core";
import { type FloatStorage, tensorData } from "@videor1/engine";
import { type WriteTensors, writeSafetensors } from "@videor1/safetensors";
import type { ModelConfig } from "./config.ts";
import type { GenerationConfig } from "./generation-config.ts";
import { hubName, type Parameters } from "./parameters.ts";
import { indexFile, singleFile } from "./weights.ts";

export interface SaveOptions {
  /** Largest number of tensor bytes in a file, which holds one tensor at least. Default 5e9. */
  maxShardBytes?: number;
  /** Stored number format; BF16 rounds to nearest even. Default: as the weights are stored, bit-exact; with remainders F32. */
  dtype?: "F32" | "BF16";
  /** Those of `loadForTraining`: the files get the float32 weights. */
  remainders?: Parameters | undefined;
  /**
   * "hub": `visual.*`, `model.*`, as published and as transformers writes. "new": `model.visual.*`,
   * `model.language_model.*`, as transformers 5 names them in memory; scripts/interop makes transformers read them.
   */
  names?: "hub" | "new";
  /** Default `writeSafetensors`. */
  writeTensors?: WriteTensors;
}

/**
 * Writes a folder that `loadModel` and transformers' `from_pretrained` read: config.json in the layout it was read in,
 * generation_config.json, and the weights in one file, or in shards with an index. Older weight files in it are removed.
 */
export async function saveModel(
  model: { config: ModelConfig; generationConfig: GenerationConfig; dtype: FloatStorage; parameters: Parameters },
  folder: string,
  options: SaveOptions = {},
): Promise<void> {
  const { maxShardBytes = 5e9, names = "hub", remainders = {}, writeTensors = writeSafetensors } = options;
  const isRounded = model.dtype === "bfloat16" && Object.keys(remainders).length === 0;
  const { dtype = isRounded ? "BF16" : "F32" } = options;
  mkdirSync(folder, { recursive: true });
  const bytes = (parameter: Variable) => parameter.size * (dtype === "F32" ? 4 : 2);
  const shards: (readonly [name: string, parameter: Variable, remainder: Variable | undefined])[][] = [[]];
  let filled = 0;
  for (const [name, parameter] of Object.entries(model.parameters)) {
    if (filled > 0 && filled + bytes(parameter) > maxShardBytes) {
      shards.push([]);
      filled = 0;
    }
    shards.at(-1)!.push([names === "hub" ? hubName(name) : name, parameter, remainders[name]]);
    filled += bytes(parameter);
  }
  const number = (i: number) => String(i).padStart(5, "0");
  const fileOf = (i: number) =>
    shards.length === 1 ? singleFile : `model-${number(i + 1)}-of-${number(shards.length)}.safetensors`;
  const written = new Set(shards.map((_, i) => fileOf(i)));
  for (const [i, shard] of shards.entries()) {
    const tensors = shard.map(([name, weight, remainder]) => ({
      name,
      dtype,
      shape: weight.shape,
      data: tensorData(remainder ? { weight, remainder } : weight, dtype),
    }));
    writeTensors(join(folder, fileOf(i)), tensors, { format: "pt" });
  }
  if (shards.length > 1) {
    const weightMap = Object.fromEntries(shards.flatMap((shard, i) => shard.map(([name]) => [name, fileOf(i)])));
    const totalSize = Object.values(model.parameters).reduce((sum, parameter) => sum + bytes(parameter), 0);
    writeJson(join(folder, indexFile), { metadata: { total_size: totalSize }, weight_map: weightMap });
    written.add(indexFile);
  }
  for (const file of readdirSync(folder)) {
    const isWeights = file === indexFile || /^model(-\d{5}-of-\d{5})?\.safetensors$/.test(file);
    if (isWeights && !written.has(file)) rmSync(join(folder, file));
  }
  writeJson(join(folder, "config.json"), configJson(model.config, dtype));
  writeJson(join(folder, "generation_config.json"), model.generationConfig.source);
}

const writeJson = (path: string, value: unknown): void => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);

/** The config as it was read, with its defaults spelled out, and the dtype of the files. */
function configJson({ source, text, vision }: ModelConfig, dtype: "F32" | "BF16"): Record<string, unknown> {
  const torchDtype = dtype === "F32" ? "float32" : "bfloat16";
  const named = ["torch_dtype", "dtype"].filter((key) => key in source);
  const visionJson = {
    ...(source.vision_config as object | undefined),
    depth: vision.depth,
    hidden_size: vision.hiddenSize,
    num_heads: vision.numHeads,
    intermediate_size: vision.intermediateSize,
    in_channels: vision.inChannels,
    patch_size: vision.patchSize,
    temporal_patch_size: vision.temporalPatchSize,
    spatial_merge_size: vision.spatialMergeSize,
    window_size: vision.windowSize,
    fullatt_block_indexes: vision.fullattBlockIndexes,
    out_hidden_size: vision.outHiddenSize,
    tokens_per_second: vision.tokensPerSecond,
  };
  const textJson = { num_key_value_heads: text.numKeyValueHeads, rms_norm_eps: text.rmsNormEps };
  const nested = source.text_config as Record<string, unknown> | null | undefined;
  return {
    architectures: ["Qwen2_5_VLForConditionalGeneration"],
    ...source,
    ...(nested
      ? { text_config: { ...nested, ...textJson, ...("dtype" in nested && { dtype: torchDtype }) } }
      : textJson),
    vision_config: visionJson,
    ...Object.fromEntries((named.length > 0 ? named : ["dtype"]).map((key) => [key, torchDtype])),
  };
}
