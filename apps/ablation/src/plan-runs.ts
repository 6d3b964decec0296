import { join } from "node:path";
import { BenchConfig } from "@videor1/bench";
import { loadConfig } from "@videor1/cli";
import { dataSettings, stageConfigs } from "@videor1/miniature";
import { RlConfig } from "@videor1/rl";
import type { AblationConfig, Arm } from "./config.ts";
import type { Stage } from "./stage.ts";

/** The work of one process: the start of an SFT seed, or one arm on one pair of seeds. */
export interface Run {
  /** "sft-3", or "grpo/3-100": also its folder under the run directory. */
  name: string;
  folder: string;
  /** Names of the runs that must be done first. */
  needs: string[];
  stages: Stage[];
}

/** The run of an arm, with the seeds of data, initial weights and SFT, and of RL and evaluation. */
export interface ArmRun extends Run {
  arm: string;
  sftSeed: number;
  rlSeed: number;
}

export interface Plan {
  /** By SFT seed. */
  starts: Map<number, Run>;
  /** All pairs of the first arms before those of later ones; within a pair in the order of the config. */
  arms: ArmRun[];
}

/**
 * Every run of an ablation. The runs of a pair share data, SFT model, questions and the random streams of sampling:
 * they differ by their arm's settings only.
 *
 * @throws {ConfigError} If a setting of some arm is wrong.
 */
export function planRuns(config: AblationConfig): Plan {
  const starts = new Map(config.pairs.map(([seed]) => [seed, startRun(config, seed)]));
  const arms = config.pairs.flatMap(([sftSeed, rlSeed], i) =>
    Object.entries(config.arms)
      .filter(([, { pairs = Number.POSITIVE_INFINITY }]) => i < pairs)
      .map(([name, arm]) => armRun(config, name, arm, sftSeed, rlSeed)),
  );
  return { starts, arms };
}

/** The runs to make, each after those that it needs; with `only`, those of these arms. */
export function runsToMake({ starts, arms }: Plan, only?: readonly string[]): Run[] {
  const byName = new Map<string, Run>([...starts.values(), ...arms].map((run) => [run.name, run]));
  const chosen = new Map<string, Run>();
  const choose = (run: Run) => {
    for (const need of run.needs) choose(byName.get(need)!);
    chosen.set(run.name, run);
  };
  for (const run of arms) if (!only || only.includes(run.arm)) choose(run);
  return [...chosen.values()];
}

const oneThread = ["engine.workers=1", "engine.threads=1"];
const startName = (seed: number): string => `sft-${seed}`;

/** Data, initial weights and SFT of a seed. */
function startRun(config: AblationConfig, seed: number): Run {
  const name = startName(seed);
  const folder = join(config.runDir, name);
  const overrides = { sft: oneThread, rl: [], bench: [] };
  const { sft } = stageConfigs({ ...config, runDir: folder, seed, workers: 1, arms: {} }, overrides);
  const [data, init] = [join(folder, "data"), join(folder, "init")];
  return {
    name,
    folder,
    needs: [],
    stages: [
      { kind: "data", folder: data, config: { ...config.data, seed } },
      { kind: "model", folder: init, data, size: config.model, seed, backend: sft.engine.backend },
      { kind: "sft", config: sft },
    ],
  };
}

function armRun(config: AblationConfig, name: string, arm: Arm, sftSeed: number, rlSeed: number): ArmRun {
  const pair = `${sftSeed}-${rlSeed}`;
  const folder = join(config.runDir, name, pair);
  const start = join(config.runDir, startName(sftSeed));
  const data = join(start, "data");
  const own = [`seed=${rlSeed}`, ...oneThread];
  const starts: Record<string, string> = { sft: join(start, "sft", "model"), init: join(start, "init") };
  const from = starts[arm.model] ?? join(config.runDir, arm.model, pair, "rl", "model");

  const rl = (settings: readonly string[]): Stage => ({
    kind: "rl",
    config: loadConfig(RlConfig, config.rl, [
      ...own,
      `model=${from}`,
      `outputDir=${join(folder, "rl")}`,
      ...dataSettings("rl", data),
      ...config.stages.rl,
      ...settings.map((setting) => setting.replaceAll("{data}", data)),
    ]),
  });
  const bench = (evaluation: "sampled" | "greedy"): Stage => ({
    kind: "bench",
    config: loadConfig(BenchConfig, config.bench, [
      ...own,
      `name=${evaluation}`,
      `model=${arm.rl === "none" ? from : join(folder, "rl", "model")}`,
      `outputDir=${join(folder, "bench")}`,
      ...dataSettings("bench", data),
      `generation.doSample=${evaluation === "sampled"}`,
      `compareShuffled=${evaluation === "sampled"}`,
      ...config.stages.bench,
      ...arm.bench,
    ]),
  });
  return {
    name: `${name}/${pair}`,
    arm: name,
    sftSeed,
    rlSeed,
    folder,
    needs: [startName(sftSeed), ...(arm.model in starts ? [] : [`${arm.model}/${pair}`])],
    stages: [...(arm.rl === "none" ? [] : [rl(arm.rl)]), ...config.evaluations.map(bench)],
  };
}
