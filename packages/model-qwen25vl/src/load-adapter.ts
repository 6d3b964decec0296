import { existsSync } from "node:fs";
import { join } from "node:path";
import { dispose, tidy, variable } from "@tensorflow/tfjs-core";
import { readTensor } from "@videor1/engine";
import { openSafetensors, type SafetensorsFile } from "@videor1/safetensors";
import { type Adapter, adapterKey, adapterShapes } from "./adapter.ts";
import { readAdapterConfig } from "./adapter-config.ts";
import type { ModelConfig } from "./config.ts";
import { AdapterError } from "./errors.ts";
import { linearNames, type Parameters, parameterName } from "./parameters.ts";

export const adapterFile = "adapter_model.safetensors";

const keyPattern = /^base_model\.model\.(.+)\.lora_([AB])\.weight$/;

/**
 * Loads a LoRA adapter that this package or PEFT wrote, for a model of this config. Every tensor of the file is used, and
 * every linear layer that adapter_config.json selects has its A and B: PEFT and vLLM pass over keys that they do not know,
 * and answer like the model without the adapter. The names of transformers before 4.52 are read too. The engine must be started.
 *
 * @throws {AdapterError} Listing what is missing, unexpected or misshaped, before anything is read.
 * @throws {SafetensorsError} If the file is damaged.
 */
export async function loadAdapter(folder: string, config: ModelConfig): Promise<Adapter> {
  const { isTarget, ...scaling } = readAdapterConfig(folder);
  const file = openAdapter(folder);
  const parameters: Parameters = {};
  try {
    const modules = linearNames(config).filter(isTarget);
    const shapes = adapterShapes(config, { modules, rank: scaling.rank });
    const places = checkKeys(folder, file, shapes);
    for (const [key, stored] of places) parameters[key] = tidy(() => variable(readTensor(file, stored)));
    const ordered = Object.keys(shapes).map((key) => [key, parameters[key]!] as const);
    return { ...scaling, modules, parameters: Object.fromEntries(ordered) };
  } catch (error) {
    dispose(parameters);
    throw error;
  } finally {
    file.close();
  }
}

/**
 * Whether an adapter changes nothing, because A or B of every linear layer is 0, as B is before training. Needs no engine.
 *
 * @throws {AdapterError} @throws {SafetensorsError} If it cannot be read.
 */
export function isIdleAdapter(folder: string): boolean {
  readAdapterConfig(folder);
  const file = openAdapter(folder);
  try {
    const isZero = (name: string) =>
      !file.names.includes(name) || file.read(name).every((value) => Number(value) === 0);
    const ofA = file.names.filter((name) => name.endsWith(".lora_A.weight"));
    return ofA.every((name) => isZero(name.replace(".lora_A.", ".lora_B.")) || isZero(name));
  } finally {
    file.close();
  }
}

/** Prints a warning for an idle adapter; see `isIdleAdapter`. Undefined: there is none. */
export function warnOfIdleAdapter(folder: string | undefined, print: (line: string) => void): void {
  if (folder === undefined || !isIdleAdapter(folder)) return;
  print(`Warning: the adapter ${folder} changes nothing: A or B of every linear layer is 0.`);
}

function openAdapter(folder: string): SafetensorsFile {
  const path = join(folder, adapterFile);
  if (existsSync(path)) return openSafetensors(path);
  const hint = "An adapter_model.bin is to be saved anew by PEFT: save_pretrained(folder, safe_serialization=True).";
  throw new AdapterError(folder, [`there is no ${adapterFile}`], hint);
}

/** The file's name of each tensor, by PEFT's name for the present names of modules. */
function checkKeys(
  folder: string,
  file: SafetensorsFile,
  shapes: Readonly<Record<string, readonly number[]>>,
): Map<string, string> {
  const places = new Map<string, string>();
  const issues: string[] = [];
  const unexpected: string[] = [];
  for (const stored of file.names) {
    const [, module, matrix] = keyPattern.exec(stored) ?? [];
    const key =
      module && adapterKey(parameterName(`${module}.weight`).slice(0, -".weight".length), matrix as "A" | "B");
    const expected = key && shapes[key];
    if (!key || !expected || places.has(key)) {
      unexpected.push(stored);
      continue;
    }
    const { shape, dtype } = file.info(stored);
    if (String(shape) !== String(expected)) issues.push(`${stored} is [${shape}], the model and r need [${expected}]`);
    else if (!["F64", "F32", "F16", "BF16"].includes(dtype)) issues.push(`${stored} has dtype ${dtype}`);
    places.set(key, stored);
  }
  const missing = Object.keys(shapes).filter((key) => !places.has(key));
  if (places.size === 0 && missing.length === 0)
    issues.push("target_modules selects no linear layer of the language model");
  if (unexpected.length > 0) issues.push(`unexpected: ${listed(unexpected)}`);
  if (missing.length > 0) issues.push(`missing: ${listed(missing)}`);
  if (issues.length === 0) return places;
  const hint =
    "An adapter has lora_A and lora_B of every linear layer that target_modules selects, all in the language model, and nothing else; the model is the one that it was trained on.";
  throw new AdapterError(folder, issues, hint);
}

const listed = (names: readonly string[]): string =>
  names.slice(0, 4).join(", ") + (names.length > 4 ? ` and ${names.length - 4} more` : "");
