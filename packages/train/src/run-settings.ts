import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse, stringify } from "yaml";
import { replaceFile } from "./durable.ts";
import { hashPath } from "./hash-path.ts";

/** A folder holds results of other settings than those asked for now. */
export class RunConfigError extends Error {
  override readonly name = "RunConfigError";
  readonly code = "RUN_CONFIG_CHANGED";
  readonly folder: string;
  readonly changed: readonly string[];
  readonly hint = "Choose another output folder, restore the settings, or delete that folder to start again.";

  constructor(folder: string, changed: readonly string[]) {
    super(`${folder} holds results of other settings: ${changed.join(", ")}`);
    this.folder = folder;
    this.changed = changed;
  }
}

/** All that a folder's results depend on. */
export interface RunSettings {
  config: Readonly<Record<string, unknown>>;
  /** Hash of every file or folder that the config names as input; null where it is not there. */
  inputs: Readonly<Record<string, string | null>>;
}

const configFile = "config.yaml";
const inputsFile = "inputs.json";

/** Settings with the hashes of the inputs' present content. */
export async function runSettings(config: object, inputs: readonly string[]): Promise<RunSettings> {
  const hashes = await Promise.all(inputs.map(async (path) => [path, await hashPath(path)] as const));
  return { config: JSON.parse(JSON.stringify(config)) as RunSettings["config"], inputs: Object.fromEntries(hashes) };
}

/**
 * Compares settings with those saved in a folder, if any. Inputs that are not there any more are not compared.
 *
 * @param free - Top-level keys that may differ, because results do not depend on them.
 * @throws {RunConfigError} If they differ.
 */
export function compareSettings(folder: string, { config, inputs }: RunSettings, free: readonly string[]): void {
  if (!existsSync(join(folder, configFile))) return;
  const saved = parse(readFileSync(join(folder, configFile), "utf8")) as RunSettings["config"];
  const keys = [...new Set([...Object.keys(config), ...Object.keys(saved)])];
  const changed = keys.filter((key) => !free.includes(key) && !isDeepStrictEqual(config[key], saved[key]));
  const hashes = existsSync(join(folder, inputsFile))
    ? (JSON.parse(readFileSync(join(folder, inputsFile), "utf8")) as RunSettings["inputs"])
    : {};
  for (const [path, hash] of Object.entries(inputs))
    if (hash && hashes[path] && hash !== hashes[path]) changed.push(`the content of ${path}`);
  if (changed.length > 0) throw new RunConfigError(folder, changed);
}

/** Saves settings in a folder: `config.yaml`, usable as a config file, and `inputs.json`. */
export function saveSettings(folder: string, { config, inputs }: RunSettings): void {
  mkdirSync(folder, { recursive: true });
  replaceFile(join(folder, inputsFile), `${JSON.stringify(inputs, null, 2)}\n`);
  replaceFile(join(folder, configFile), stringify(config));
}
