import { openRecords } from "@videor1/data";
import { stepsOfEpochs } from "@videor1/train";
import type { SftConfig } from "./config.ts";
import { readOptions } from "./read-options.ts";

/** A config whose phases all have steps. */
export type ConfigWithSteps = Omit<SftConfig, "data"> & {
  data: Omit<SftConfig["data"], "phases"> & { phases: { records: string; steps: number }[] };
};

/** The config with the steps that each phase's epochs make of its records, and without the epochs. */
export async function withSteps(config: SftConfig): Promise<ConfigWithSteps> {
  const phases = config.data.phases.map(async ({ records, steps, epochs }) => {
    if (steps !== undefined || epochs === undefined) return { records, steps: steps! };
    const examples = await openRecords(records, { ...readOptions(config), print: () => {} });
    examples.close();
    return { records, steps: stepsOfEpochs(epochs, examples.length, config.batchSize) };
  });
  return { ...config, data: { ...config.data, phases: await Promise.all(phases) } };
}
