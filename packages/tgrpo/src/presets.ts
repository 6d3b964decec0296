import type { ContrastOptions, GroupBonusOptions, TgrpoOptions } from "./options.ts";

export type PresetName = "neurips" | "v1" | "code";

/** A published form, whose temporal reward is T-GRPO's. */
export type Preset = TgrpoOptions & { temporal: GroupBonusOptions };

/** arXiv:2503.21776v4, the NeurIPS text. What it leaves open (std, KL estimate, loss mean, sampling) is as in the code. */
const neurips: Preset = {
  numGenerations: 8,
  shuffledFraction: 0.5,
  iterations: 1,
  correctThreshold: 0.5, // "e.g., 0.5"; inclusive is our reading
  correctStrict: false,
  temporal: { kind: "tgrpo", alpha: 0.3, mu: 1, strict: false, statistic: "proportion", target: "reward" },
  length: { enabled: true, omega: 0.2, min: 320, max: 512, minCorrect: 1 },
  weights: { accuracy: 1, format: 1 },
  advantage: { scale: "std", ddof: 1, eps: 1e-4, minStd: 0 },
  loss: { beta: 0.04, klClamp: 10, lossReduction: "sequence", maxCompletionLength: 768 },
  sampling: { temperature: 1, topP: 0.95, topK: 0 },
};

/** arXiv:2503.21776v1. It names no threshold of correctness; the NeurIPS text's is used. */
const v1: Preset = {
  ...neurips,
  shuffledFraction: 1,
  temporal: { ...neurips.temporal, mu: 0.8, strict: true },
  length: { ...neurips.length, omega: 0.1 },
};

/** tulerfeng/Video-R1@59d65c3, src/r1-v/src/open_r1/trainer/grpo_trainer.py. */
const code: Preset = {
  ...neurips,
  correctThreshold: 0.1,
  correctStrict: true,
  temporal: { ...neurips.temporal, mu: 0.8, statistic: "mean" },
  length: { ...neurips.length, minCorrect: 2 },
  sampling: { ...neurips.sampling, topK: 50 }, // the default of transformers' GenerationConfig; the vLLM trainer has none
};

/** The three published forms of T-GRPO; docs of each row in the README. */
export const presets: Readonly<Record<PresetName, Preset>> = { neurips, v1, code };

/** Order contrast as it did best in docs/order-contrast.md; no paper has it. */
export const contrastDefaults: Readonly<ContrastOptions> = {
  kind: "contrast",
  alpha: 0.3,
  tau: 0,
  clip: 4,
  counterfactual: "reverse",
  assignment: "own",
};
