/** The config of the tests' runs: smaller than that of an RL run. */
import { contrastDefaults, presets, type ScoreOptions } from "@videor1/tgrpo";
import { z } from "zod";
import type { RlSettingsSchema } from "../src/read/read-run.ts";

const { neurips } = presets;

export const scorings = {
  grpo: { ...neurips, temporal: { kind: "none" }, advantage: { ...neurips.advantage, scale: "none" } },
  tgrpo: {
    ...neurips,
    temporal: { ...neurips.temporal, mu: 1.5, alpha: 3 },
    advantage: { ...neurips.advantage, scale: "none" },
  },
  contrast: { ...neurips, temporal: { ...contrastDefaults, tau: 0 } },
} satisfies Record<string, ScoreOptions>;

export type ArmName = keyof typeof scorings;
export const armNames = Object.keys(scorings) as ArmName[];

export const scoringOf = (arm: ArmName): ScoreOptions => ({
  ...scorings[arm],
  length: { ...neurips.length, enabled: false },
});

export const settings: RlSettingsSchema = z
  .strictObject({ seed: z.int(), mediaRoot: z.string(), arm: z.enum(armNames) })
  .transform(({ arm, ...config }) => ({ ...config, scoring: scoringOf(arm) }));
