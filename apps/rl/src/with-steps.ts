import { openRecords } from "@videor1/data";
import { stepsOfEpochs } from "@videor1/train";
import type { RlConfig } from "./config.ts";
import { readOptions } from "./read-options.ts";

/** The config with the steps that its epochs make of the records, and without the epochs. */
export async function withSteps({ epochs, ...config }: RlConfig): Promise<RlConfig> {
  if (epochs === undefined) return config;
  const examples = await openRecords(config.data.records, { ...readOptions(config), print: () => {} });
  examples.close();
  return { ...config, maxSteps: stepsOfEpochs(epochs, examples.length, config.promptsPerStep) };
}
