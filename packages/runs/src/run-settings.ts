import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { replaceFile } from "./durable.ts";
import { readRunFile } from "./files/run-file.ts";
import { RunFileError } from "./files/run-file-error.ts";
import { hashPath, isModelFile } from "./hash-path.ts";
import { type SettingChange, settingChanges } from "./setting-changes.ts";

/** A folder holds results of other settings than the present ones. */
export class RunConfigError extends Error {
  override readonly name = "RunConfigError";
  readonly code = "RUN_CONFIG_CHANGED";
  readonly folder: string;
  readonly changed: readonly string[];
  readonly hint: string;

  /** @param isOfOtherVersion - Whether the present schema refuses the folder's settings. */
  constructor(folder: string, changed: readonly (string | SettingChange)[], isOfOtherVersion = false) {
    const changes = changed.map((change) => (typeof change === "string" ? { name: change, what: change } : change));
    super(`${folder} holds results of other settings: ${changes.map(({ what }) => what).join(", ")}`);
    this.folder = folder;
    this.changed = [...new Set(changes.map(({ name }) => name))];
    this.hint = isOfOtherVersion
      ? "Its config.yaml was written by another version, which had other settings: end the run with that version (manifest.json names its commit), choose another output folder, or delete that folder to start again."
      : "Choose another output folder, restore the settings, or delete that folder to start again.";
  }
}

/** Everything that a folder's results depend on. */
export const RunSettings = z.object({
  config: z.record(z.string(), z.unknown()),
  /** SHA-256, in hex, of every file or folder that the config names as input; null where it is not there. */
  inputs: z.record(z.string(), z.string().nullable()),
});
export type RunSettings = z.infer<typeof RunSettings>;

/**
 * Settings with the hashes of the inputs' present content; of a folder, which is a model's, that of the files that are read.
 *
 * @param savedIn - Folder whose saved hashes may be an earlier version's, of every file in a model's folder: they stand where
 * all of these are the same still.
 */
export async function runSettings(config: object, inputs: readonly string[], savedIn?: string): Promise<RunSettings> {
  const file = savedIn === undefined ? undefined : settingsPaths(savedIn).inputs;
  const saved = file && existsSync(file) ? readRunFile(file, JSON.parse, RunSettings.shape.inputs) : {};
  const hashOf = async (path: string) => {
    const hash = await hashPath(path, isModelFile);
    const before = saved[path];
    return before && hash !== before && (await hashPath(path)) === before ? before : hash;
  };
  const hashes = await Promise.all(inputs.map(async (path) => [path, await hashOf(path)] as const));
  return { config: plainConfig(config), inputs: Object.fromEntries(hashes) };
}

const settingsPaths = (folder: string) => ({
  config: join(folder, "config.yaml"),
  inputs: join(folder, "inputs.json"),
});

/** The settings of a folder's results. @throws {RunFileError} `RUN_FILE_MISSING` or `RUN_FILE_BROKEN`. */
export function readSettings(folder: string): RunSettings {
  const paths = settingsPaths(folder);
  const { config, inputs } = RunSettings.shape;
  return {
    config: readRunFile(paths.config, parse, config),
    inputs: readRunFile(paths.inputs, JSON.parse, inputs),
  };
}

export interface KeepSettingsOptions {
  /** Whether the folder holds results already. */
  isBegun: boolean;
  /** Keys that may change on resume, with what is in them, because results do not depend on them. */
  resumableKeys?: readonly string[];
  /**
   * Parses the saved config by the present schema before it is compared, so that a newer setting has its default and a newer
   * form of the same value is no difference. A config that it refuses is compared as saved.
   */
  parseConfig?: ((saved: unknown) => object) | undefined;
  /** Whole key of the number of steps, which may be another one. */
  stepsKey?: string | undefined;
}

/**
 * Saves settings in a folder as `config.yaml`, usable as a config file, and `inputs.json`; if the folder holds results,
 * compares them with the saved ones instead. Inputs that are missing, then or now, are not compared. Another number of steps
 * replaces the saved one.
 *
 * @returns Whether the number of steps is another one than before.
 * @throws {RunConfigError} If the folder holds results of other settings.
 * @throws {RunFileError} If the saved ones are missing beside results, or damaged.
 */
export function keepSettings(
  folder: string,
  settings: RunSettings,
  { isBegun, resumableKeys = [], parseConfig, stepsKey }: KeepSettingsOptions,
): boolean {
  const paths = settingsPaths(folder);
  if (isBegun) {
    const missing = Object.values(paths).find((path) => !existsSync(path));
    if (missing !== undefined) {
      const reason = "is gone, and with it the settings of the results in this folder";
      const hint = "Restore the file from a copy, choose another output folder, or delete this one to start again.";
      throw new RunFileError("RUN_FILE_MISSING", { path: missing, reason, hint });
    }
    const saved = readSettings(folder);
    const config = parseConfig && presentForm(saved.config, parseConfig);
    const changes = settingChanges(settings, { ...saved, config: config ?? saved.config }, resumableKeys);
    const isOfOtherVersion = parseConfig !== undefined && config === undefined;
    const refused = changes.filter(({ path }) => path === undefined || path !== stepsKey);
    if (refused.length > 0) throw new RunConfigError(folder, refused, isOfOtherVersion);
    if (changes.length > 0) replaceFile(paths.config, stringify(settings.config));
    return changes.length > 0;
  }
  mkdirSync(folder, { recursive: true });
  replaceFile(paths.inputs, `${JSON.stringify(settings.inputs, null, 2)}\n`);
  replaceFile(paths.config, stringify(settings.config));
  return false;
}

/** A saved config in the present schema's form; undefined if the schema refuses it. */
function presentForm(saved: unknown, parseConfig: (saved: unknown) => object): RunSettings["config"] | undefined {
  try {
    return plainConfig(parseConfig(saved));
  } catch {
    return undefined;
  }
}

/** A config in its form on disk: settings without a value are absent. */
const plainConfig = (config: object): RunSettings["config"] =>
  JSON.parse(JSON.stringify(config)) as RunSettings["config"];
