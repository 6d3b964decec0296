import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tensorData } from "@videor1/engine";
import { writeSafetensors } from "@videor1/safetensors";
import type { Adapter } from "./adapter.ts";
import { adapterConfigFile, adapterConfigJson } from "./adapter-config.ts";
import { adapterFile } from "./load-adapter.ts";
import type { SaveOptions } from "./save-model.ts";

/**
 * Writes a folder that `loadAdapter`, PEFT and vLLM read: adapter_model.safetensors in float32, and adapter_config.json.
 *
 * @param baseModel - Folder or Hub name of the model that the adapter was trained on; PEFT finds it by that.
 */
export async function saveAdapter(
  adapter: Adapter,
  folder: string,
  baseModel: string,
  { writeTensors = writeSafetensors }: Pick<SaveOptions, "writeTensors"> = {},
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const tensors = Object.entries(adapter.parameters).map(([name, parameter]) => ({
    name,
    dtype: "F32" as const,
    shape: parameter.shape,
    data: tensorData(parameter, "F32"),
  }));
  writeTensors(join(folder, adapterFile), tensors, { format: "pt" });
  writeFileSync(join(folder, adapterConfigFile), `${JSON.stringify(adapterConfigJson(adapter, baseModel), null, 2)}\n`);
}
