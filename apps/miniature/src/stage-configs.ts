import { join } from "node:path";
import { BenchConfig } from "@videor1/bench";
import { RlConfig } from "@videor1/rl";
import { SftConfig } from "@videor1/sft";
import { loadConfig } from "@videor1/train";
import type { MiniatureConfig } from "./config.ts";

/** Settings of one stage on the command line: `sft.optimizer.learningRate=1e-3` is `optimizer.learningRate=1e-3` there. */
export type StageOverrides = Record<"sft" | "rl" | "bench", readonly string[]>;

export interface StageConfigs {
  sft: SftConfig;
  rl: RlConfig;
  /** Of the models that SFT and T-GRPO leave. */
  bench: { sft: BenchConfig; rl: BenchConfig };
}

/**
 * The configs of all stages: their files, then paths, seed and threads of the job, then the job's settings of the stage,
 * then those of the command line.
 *
 * @throws {ConfigError} From train, if a setting is wrong.
 */
export function stageConfigs(config: MiniatureConfig, overrides: StageOverrides): StageConfigs {
  const { runDir, seed, workers, stages } = config;
  const at = (...parts: string[]) => join(runDir, ...parts);
  const data = at("data");
  const model = { init: at("init"), sft: at("sft", "model"), rl: at("rl", "model") };
  const settings = (stage: keyof StageOverrides, own: Record<string, string>) => [
    ...Object.entries({ seed, "engine.workers": workers, ...own }).map(([key, value]) => `${key}=${value}`),
    ...stages[stage],
    ...overrides[stage],
  ];
  const bench = (name: "sft" | "rl") =>
    loadConfig(
      BenchConfig,
      config.bench,
      settings("bench", {
        name,
        model: model[name],
        outputDir: at("bench"),
        records: join(data, "eval_miniature.json"),
        "media.mediaRoot": data,
      }),
    );
  return {
    sft: loadConfig(
      SftConfig,
      config.sft,
      settings("sft", {
        model: model.init,
        outputDir: at("sft"),
        "data.media.mediaRoot": data,
        "data.phases.0.records": join(data, "sft-reason.json"),
        "data.phases.1.records": join(data, "sft-mixed.json"),
      }),
    ),
    rl: loadConfig(
      RlConfig,
      config.rl,
      settings("rl", {
        model: model.sft,
        outputDir: at("rl"),
        "data.media.mediaRoot": data,
        "data.records": join(data, "rl.json"),
      }),
    ),
    bench: { sft: bench("sft"), rl: bench("rl") },
  };
}
