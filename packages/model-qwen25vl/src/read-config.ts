import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { adapterConfigFile } from "./adapter-config.ts";
import { type ModelConfig, parseConfig } from "./config.ts";
import { ModelConfigError } from "./errors.ts";

/**
 * The config.json of a Hugging Face folder. The engine need not be started.
 *
 * @throws {ModelConfigError} If it is missing, or not a Qwen2.5-VL's.
 */
export function readConfig(folder: string): ModelConfig {
  const path = join(folder, "config.json");
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const isMissing = ["ENOENT", "ENOTDIR"].includes((cause as NodeJS.ErrnoException).code ?? "");
    const issues = [isMissing ? "there is no such file" : "cannot be read as JSON"];
    const hint = existsSync(join(folder, adapterConfigFile))
      ? "The folder holds a LoRA adapter: give it as adapter, and the model that it was trained on as model; or merge the two."
      : "Give the folder of a Hugging Face checkpoint on this machine.";
    throw new ModelConfigError({ source: path, issues, hint }, { cause });
  }
  return parseConfig(json, path);
}
