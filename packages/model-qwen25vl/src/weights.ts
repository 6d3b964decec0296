import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { dispose, type Tensor, tidy, variable } from "@tensorflow/tfjs-core";
import { type FloatStorage, readTensor, splitFloat32 } from "@videor1/engine";
import { openSafetensors, type SafetensorsFile } from "@videor1/safetensors";
import type { ModelConfig } from "./config.ts";
import { equalTensors, type StoredTensor } from "./equal-tensors.ts";
import { WeightsError } from "./errors.ts";
import { embedTokensName, lmHeadName, type Parameters, parameterName, parameterShapes } from "./parameters.ts";

export const singleFile = "model.safetensors";
export const indexFile = "model.safetensors.index.json";

/**
 * Reads the parameters of a checkpoint folder, one file or sharded, by their old (Hub) or new names, tensor by tensor.
 * BF16 and F16 become float32, which holds them exactly, unless they are to be stored in bfloat16.
 *
 * @throws {WeightsError} Listing tensors that are missing, unexpected or misshaped, before any is read.
 * @throws {SafetensorsError} If a file is missing, cut short or not safetensors.
 */
export const readParameters = (folder: string, config: ModelConfig, storage?: FloatStorage): Parameters =>
  readTensors(folder, config, (file, stored) => variable(readTensor(file, stored, storage)));

/** `readParameters` in bfloat16, and the remainders of float32 for those that `isRounded` does not name; see `splitFloat32`. */
export function readSplitParameters(folder: string, config: ModelConfig, isRounded: (name: string) => boolean) {
  const remainders: Parameters = {};
  try {
    const parameters: Parameters = readTensors(folder, config, (file, stored) => {
      const name = parameterName(stored);
      if (isRounded(name)) return variable(readTensor(file, stored, "bfloat16"));
      const { weight, remainder } = splitFloat32(readTensor(file, stored));
      remainders[name] = variable(remainder, false);
      return variable(weight);
    });
    return { parameters, remainders };
  } catch (error) {
    dispose(remainders);
    throw error;
  }
}

/** What `read` makes of each parameter, by its new name and in the network's order; see `readParameters`. */
export function readTensors<T extends Tensor>(
  folder: string,
  config: ModelConfig,
  read: (file: SafetensorsFile, stored: string) => T,
): Record<string, T> {
  const shapes = parameterShapes(config);
  const files = weightFiles(folder).map((file) => openSafetensors(join(folder, file)));
  const parameters: Record<string, T> = {};
  try {
    const places = checkTensors(folder, files, shapes, config.tieWordEmbeddings);
    for (const [name, { file, stored }] of places) {
      parameters[name] = tidy(() => read(file, stored));
    }
    return Object.fromEntries(Object.keys(shapes).map((name) => [name, parameters[name]!]));
  } catch (error) {
    dispose(parameters);
    throw error;
  } finally {
    for (const file of files) file.close();
  }
}

/** The index wins over a single file, as in transformers. */
function weightFiles(folder: string): string[] {
  const index = join(folder, indexFile);
  if (!existsSync(index)) {
    if (existsSync(join(folder, singleFile))) return [singleFile];
    throw new WeightsError(folder, { what: `there is no ${singleFile} and no ${indexFile}` });
  }
  let names: unknown[];
  try {
    const { weight_map } = JSON.parse(readFileSync(index, "utf8")) as { weight_map: Record<string, unknown> };
    names = Object.values(weight_map);
  } catch (cause) {
    throw new WeightsError(folder, { what: `${indexFile} is not JSON with a weight_map` }, { cause });
  }
  const stray = names.find((name) => typeof name !== "string" || basename(name) !== name);
  if (stray !== undefined)
    throw new WeightsError(folder, { what: `${indexFile} names ${JSON.stringify(stray)}, not a file of the folder` });
  return [...new Set(names as string[])];
}

function checkTensors(
  folder: string,
  files: readonly SafetensorsFile[],
  shapes: Record<string, readonly number[]>,
  tied: boolean,
) {
  const places = new Map<string, StoredTensor>();
  let tiedHead: StoredTensor | undefined;
  const unexpected: string[] = [];
  const misshaped: string[] = [];
  for (const file of files) {
    for (const stored of file.names) {
      const name = parameterName(stored);
      if (name.endsWith("rotary_emb.inv_freq")) continue; // computed from the config
      if (tied && name === lmHeadName) {
        tiedHead = { file, stored };
        continue;
      }
      const expected = shapes[name];
      const { shape, dtype } = file.info(stored);
      if (!expected && shape.includes(0)) continue; // an empty tensor marks something, such as scaled_fp8
      if (!expected || places.has(name)) unexpected.push(stored);
      else if (String(shape) !== String(expected)) misshaped.push(`${stored}: file [${shape}], config [${expected}]`);
      else if (!["F64", "F32", "F16", "BF16"].includes(dtype))
        misshaped.push(`${stored}: file has dtype ${dtype}; dequantise it to BF16`);
      places.set(name, { file, stored });
    }
  }
  const missing = Object.keys(shapes).filter((name) => !places.has(name));
  if (missing.length || unexpected.length || misshaped.length)
    throw new WeightsError(folder, { missing, unexpected, misshaped });
  if (tiedHead) checkTiedHead(folder, tiedHead, places.get(embedTokensName)!);
  return places;
}

/** A tied head may be stored too, as a copy of the embedding. Another one would be lost without a word. */
function checkTiedHead(folder: string, head: StoredTensor, embedding: StoredTensor): void {
  const shapeOf = ({ file, stored }: StoredTensor) => String(file.info(stored).shape);
  if (shapeOf(head) === shapeOf(embedding) && equalTensors(head, embedding)) return;
  throw new WeightsError(folder, {
    what:
      `${head.stored} is not the embedding, though config.json has tie_word_embeddings: true; ` +
      `set it to false to keep this head, or take ${head.stored} out of the weights`,
  });
}
