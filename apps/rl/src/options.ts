import { contrastDefaults, type Preset, presets, type TemporalOptions, type TgrpoOptions } from "@videor1/tgrpo";
import type { RlConfig } from "./config.ts";

/** The preset that the config names, with the fields that the config sets. */
export function tgrpoOptions({ tgrpo, rollout, loss }: RlConfig): TgrpoOptions {
  const preset = presets[tgrpo.preset];
  return {
    ...preset,
    numGenerations: rollout.numGenerations,
    iterations: loss.iterations,
    correctThreshold: tgrpo.correctThreshold ?? preset.correctThreshold,
    correctStrict: tgrpo.correctStrict ?? preset.correctStrict,
    temporal: temporalOptions(tgrpo.temporal, preset),
    length: { ...preset.length, ...defined(tgrpo.length) },
    weights: { ...preset.weights, ...defined(tgrpo.weights) },
    advantage: { ...preset.advantage, ...defined(tgrpo.advantage) },
    sampling: { temperature: rollout.temperature, topP: rollout.topP, topK: rollout.topK },
    loss: {
      beta: loss.beta,
      klClamp: loss.klClamp,
      lossReduction: loss.reduction,
      maxCompletionLength: rollout.maxCompletionLength,
      ...(loss.iterations > 1 && { epsilonLow: loss.epsilonLow, epsilonHigh: loss.epsilonHigh }),
    },
  };
}

/** The preset's T-GRPO, or order contrast's defaults, with the fields that the config sets. */
function temporalOptions(overrides: RlConfig["tgrpo"]["temporal"], preset: Preset): TemporalOptions {
  switch (overrides.kind) {
    case "none":
      return overrides;
    case "contrast":
      return { ...contrastDefaults, ...defined(overrides) };
    default:
      return { ...preset.temporal, ...defined(overrides) };
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const defined = <T extends object>(value: T): Defined<T> =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Defined<T>;
