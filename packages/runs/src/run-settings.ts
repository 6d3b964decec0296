import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { replaceFile } from "./durable.ts";
import { hashPath } from "./hash-path.ts";
import { readRunFile } from "./run-file.ts";

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

/** Settings with the hashes of the inputs' present content. */
export async function runSettings(config: object, inputs: readonly string[]): Promise<RunSettings> {
  const hashes = await Promise.all(inputs.map(async (path) => [path, await hashPath(path)] as const));
  return { config: JSON.parse(JSON.stringify(config)) as RunSettings["config"], inputs: Object.fromEntries(hashes) };
}

/**
 * Saves settings in a folder, as `config.yaml`, usable as a config file, and `inputs.json`; or, where its results are
 * begun, compares them with those saved. Inputs that are not there any more are not compared.
 *
 * @param free - Top-level keys that may differ, because results do not depend on them.
 * @throws {RunConfigError} If results are begun and settings differ. @throws {RunFileError} If those saved are damaged.
 */
export function keepSettings(
  folder: string,
  settings: RunSettings,
  { isBegun, free = [] }: { isBegun: boolean; free?: readonly string[] },
): void {
  const [configPath, inputsPath] = [join(folder, "config.yaml"), join(folder, "inputs.json")];
  if (isBegun && existsSync(configPath) && existsSync(inputsPath)) {
    const saved: RunSettings = {
      config: readRunFile(configPath, parse, z.record(z.string(), z.unknown())),
      inputs: readRunFile(inputsPath, JSON.parse, z.record(z.string(), z.string().nullable())),
    };
    const changed = differences(settings, saved, free);
    if (changed.length > 0) throw new RunConfigError(folder, changed);
  } else {
    mkdirSync(folder, { recursive: true });
    replaceFile(inputsPath, `${JSON.stringify(settings.inputs, null, 2)}\n`);
    replaceFile(configPath, stringify(settings.config));
  }
}

/** Names of what differs. */
function differences(asked: RunSettings, saved: RunSettings, free: readonly string[]): string[] {
  const keys = [...new Set([...Object.keys(asked.config), ...Object.keys(saved.config)])];
  const changed = keys.filter((key) => !free.includes(key) && !isDeepStrictEqual(asked.config[key], saved.config[key]));
  for (const [path, hash] of Object.entries(asked.inputs)) {
    const before = saved.inputs[path];
    if (hash && before && hash !== before) changed.push(`the content of ${path}`);
  }
  return changed;
}
