import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Adapter } from "./adapter.ts";
import { AdapterError } from "./errors.ts";

export const adapterConfigFile = "adapter_config.json";

const nothing = z.union([z.null(), z.literal(false), z.array(z.unknown()).length(0), z.strictObject({})]).optional();

/** What PEFT writes of a LoRA adapter, as far as it changes what is computed; variants of LoRA are refused. */
const PeftConfig = z.looseObject({
  peft_type: z.literal("LORA"),
  r: z.int().min(1),
  lora_alpha: z.number(),
  use_rslora: z.boolean().default(false),
  target_modules: z.union([z.string(), z.array(z.string())]),
  exclude_modules: z.union([z.string(), z.array(z.string())]).nullish(),
  bias: z.literal("none").default("none"),
  ...Object.fromEntries(
    [
      "use_dora",
      "lora_bias",
      "modules_to_save",
      "rank_pattern",
      "alpha_pattern",
      "fan_in_fan_out",
      "layers_to_transform",
      "layer_replication",
      "target_parameters",
      "trainable_token_indices",
      "alora_invocation_tokens",
      "use_qalora",
      "use_bdlora",
    ].map((key) => [key, nothing]),
  ),
});

export interface AdapterConfig extends Pick<Adapter, "rank" | "alpha" | "rsLora"> {
  /** Whether PEFT would put an adapter on the module of this name. */
  isTarget(module: string): boolean;
}

/** Reads adapter_config.json. @throws {AdapterError} If it is missing, or asks for what this package cannot do. */
export function readAdapterConfig(folder: string): AdapterConfig {
  const path = join(folder, adapterConfigFile);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const isMissing = ["ENOENT", "ENOTDIR"].includes((cause as NodeJS.ErrnoException).code ?? "");
    const issue = isMissing ? `there is no ${adapterConfigFile}` : `${adapterConfigFile} cannot be read as JSON`;
    throw new AdapterError(folder, [issue], "Give the folder that a LoRA run or PEFT's save_pretrained wrote.", {
      cause,
    });
  }
  const parsed = PeftConfig.safeParse(json);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => {
      const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], json);
      return `${adapterConfigFile}: ${path.join(".") || "content"} is ${JSON.stringify(value)} (${message})`;
    });
    throw new AdapterError(
      folder,
      issues,
      "Plain LoRA is supported: A and B of linear layers, no bias, no other variant.",
    );
  }
  const { r: rank, lora_alpha: alpha, use_rslora: rsLora, target_modules, exclude_modules } = parsed.data;
  const isTarget = moduleRule(folder, target_modules);
  const isExcluded = exclude_modules ? moduleRule(folder, exclude_modules) : () => false;
  return { rank, alpha, rsLora, isTarget: (module) => isTarget(module) && !isExcluded(module) };
}

/** PEFT's rule: names that are or end in one of a list; one pattern that is the whole name; or all linear layers. */
function moduleRule(folder: string, rule: string | readonly string[]): (module: string) => boolean {
  if (rule === "all-linear") return () => true;
  if (typeof rule !== "string") return (module) => rule.some((name) => module === name || module.endsWith(`.${name}`));
  try {
    const pattern = new RegExp(`^(?:${rule})$`, "u");
    return (module) => pattern.test(module);
  } catch (cause) {
    const issue = `${adapterConfigFile}: the pattern ${JSON.stringify(rule)} cannot be read`;
    throw new AdapterError(folder, [issue], "Name the modules in a list instead.", { cause });
  }
}

/**
 * adapter_config.json as PEFT, vLLM and SGLang read it. The linear layers are named one by one, from `layers.` on: their last
 * names alone would select those of the vision tower too, and SGLang takes no pattern.
 */
export const adapterConfigJson = (
  { rank, alpha, rsLora, modules }: Omit<Adapter, "parameters">,
  baseModel: string,
): object => ({
  peft_type: "LORA",
  task_type: "CAUSAL_LM",
  base_model_name_or_path: baseModel,
  r: rank,
  lora_alpha: alpha,
  use_rslora: rsLora,
  lora_dropout: 0,
  bias: "none",
  target_modules: modules.map((module) => module.slice(module.indexOf("layers."))),
  use_dora: false,
  fan_in_fan_out: false,
  init_lora_weights: true,
  modules_to_save: null,
  inference_mode: true,
});
