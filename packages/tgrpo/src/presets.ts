import { z } from "zod";
import { ContrastOptions, type GroupBonusOptions, LossOptions, SamplingOptions, ScoreOptions } from "./options.ts";

/** The published forms of T-GRPO, where they differ from the defaults; the README has them side by side. */
const published = {
  /** arXiv:2503.21776v4, the NeurIPS text. Where it is silent (std, KL estimate, loss mean, sampling), the code decides. */
  neurips: {},
  /** arXiv:2503.21776v1. It names no correctThreshold; the NeurIPS text's is used. */
  v1: { shuffledFraction: 1, temporal: { mu: 0.8, strict: true }, length: { omega: 0.1 } },
  /** tulerfeng/Video-R1@59d65c3, src/r1-v/src/open_r1/trainer/grpo_trainer.py. */
  code: {
    correctThreshold: 0.1,
    correctStrict: true,
    leaveOut: "none",
    temporal: { mu: 0.8, statistic: "mean" },
    length: { minCorrect: 2 },
  },
} as const satisfies Record<string, z.input<typeof ScoreOptions>>;

export type PresetName = keyof typeof published;
const presetNames = Object.keys(published) as PresetName[];

/** A published form, whose temporal reward is T-GRPO's. */
export type Preset = ScoreOptions & { temporal: GroupBonusOptions };

/** The published forms with every option resolved. */
export const presets = Object.fromEntries(
  presetNames.map((name) => [name, ScoreOptions.parse(published[name])]),
) as unknown as Readonly<Record<PresetName, Preset>>;

/** Order contrast with every default. */
export const contrastDefaults: Readonly<ContrastOptions> = ContrastOptions.parse({ kind: "contrast" });

/** Score options over a preset: absent options take the preset's values, and the output has every option resolved. */
export const PresetScoreOptions = z.preprocess(
  overPreset,
  ScoreOptions.extend({
    preset: z.enum(presetNames).default("neurips").describe("The published form that absent options are taken from"),
  }),
);

/** The options of T-GRPO as sections of a config: sampling, scoring, loss. */
export const TgrpoOptions = z.strictObject({
  rollout: SamplingOptions.prefault({}),
  tgrpo: PresetScoreOptions.prefault({}),
  loss: LossOptions.prefault({}),
});
export type TgrpoOptions = { rollout: SamplingOptions; tgrpo: ScoreOptions; loss: LossOptions };

function overPreset(input: unknown): unknown {
  if (!isMap(input)) return input;
  const { preset = "neurips", ...options } = input;
  const base = (published as Record<string, object>)[String(preset)];
  if (!base) return input;
  const merged: Record<string, unknown> = { ...base, ...options };
  for (const [key, value] of Object.entries(base)) {
    const own = options[key];
    if (isMap(value) && isMap(own) && (own.kind ?? "tgrpo") === "tgrpo") merged[key] = { ...value, ...own };
    if (isMap(value) && own === "tgrpo") merged[key] = value;
  }
  return { preset, ...merged };
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
