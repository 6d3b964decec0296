import type { TgrpoOptions } from "@videor1/tgrpo";
import type { RlConfig } from "./config.ts";
import { importanceSamplingOf } from "./importance-sampling.ts";

/** T-GRPO's options of a config, with the weights of the user's own reward functions. */
export function tgrpoOptions({ rollout, tgrpo, loss, rewards }: RlConfig): TgrpoOptions {
  const own = Object.fromEntries(rewards.functions.map(({ name, weight }) => [name, weight]));
  const importanceSampling = importanceSamplingOf({ rollout, loss });
  return { rollout, loss: { ...loss, importanceSampling }, tgrpo: { ...tgrpo, weights: { ...tgrpo.weights, ...own } } };
}
