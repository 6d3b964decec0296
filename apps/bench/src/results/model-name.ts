import type { BenchConfig } from "../config.ts";

/** What was evaluated, as a result names it: the model, and the adapter that is switched on. */
export const modelName = ({ model, adapter }: Pick<BenchConfig, "model" | "adapter">): string =>
  adapter === undefined ? model : `${model} with ${adapter}`;
