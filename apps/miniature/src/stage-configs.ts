import { join } from "node:path";
import { BenchConfig } from "@videor1/bench";
import { loadConfig } from "@videor1/cli";
import { RlConfig } from "@videor1/rl";
import { SftConfig } from "@videor1/sft";
import type { MiniatureConfig } from "./config.ts";
import { dataSettings } from "./data-settings.ts";

/** Settings of each stage from the command line: `sft.optimizer.learningRate=1e-3` without the stage and its dot. */
export type StageOverrides = Record<"sft" | "rl" | "bench", readonly string[]>;

/** One variant of RL, which starts from the SFT model, and its evaluation. */
export interface ArmConfigs {
  name: string;
  /** The arm's own settings, as key=value. */
  settings: readonly string[];
  rl: RlConfig;
  bench: BenchConfig;
}

export interface StageConfigs {
  sft: SftConfig;
  /** Evaluation of the SFT model. */
  bench: BenchConfig;
  arms: ArmConfigs[];
}

/**
 * The configs of all stages. Each has the settings of its file, then paths, seed and threads of the job, then the job's
 * settings of the stage, then those of the arm, then those of the command line; later ones win.
 *
 * @throws {ConfigError} If a setting is wrong.
 */
export function stageConfigs(config: MiniatureConfig, overrides: StageOverrides): StageConfigs {
  const { runDir, seed, workers, stages } = config;
  const at = (...parts: string[]) => join(runDir, ...parts);
  const data = at("data");
  const sftModel = at("sft", "model");
  const validation: Record<string, string> = config.data.sizes.validation
    ? { "validation.records": join(data, "validation.json") }
    : {};
  const settings = (stage: keyof StageOverrides, own: Record<string, string>, arm: readonly string[] = []) => [
    ...Object.entries({ seed, "engine.workers": workers, ...own }).map(([key, value]) => `${key}=${value}`),
    ...dataSettings(stage, data),
    ...stages[stage],
    ...arm,
    ...overrides[stage],
  ];
  const bench = (name: string, model: string) =>
    loadConfig(BenchConfig, config.bench, settings("bench", { name, model, outputDir: at("bench") }));
  const rl = (outputDir: string, arm: readonly string[]) =>
    loadConfig(RlConfig, config.rl, settings("rl", { model: sftModel, outputDir, ...validation }, arm));
  return {
    sft: loadConfig(SftConfig, config.sft, settings("sft", { model: at("init"), outputDir: at("sft"), ...validation })),
    bench: bench("sft", sftModel),
    arms: Object.entries(config.arms).map(([name, settings]) => ({
      name,
      settings,
      rl: rl(at("rl", name), settings),
      bench: bench(name, at("rl", name, "model")),
    })),
  };
}
