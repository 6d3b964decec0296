import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { RlConfig, tgrpoOptions } from "@videor1/rl";
import { openSafetensors } from "@videor1/safetensors";
import type { ScoreOptions } from "@videor1/tgrpo";
import { orMissing, readJson, readLines, readSomeLines, readText, readYaml } from "./run-files.ts";
import { BenchSummary, LedgerEntry, Prediction, RlStep, Rollouts, SftStep } from "./run-schema.ts";

/** What an SFT run left behind, steps ascending. */
export interface SftRun {
  /** The resolved config as it lies in the run's folder. */
  yaml: string;
  steps: readonly SftStep[];
  ledger: readonly LedgerEntry[];
  /** Numbers in the model that it saved. */
  parameters: number;
}

/** What an RL run left behind, steps ascending. */
export interface RlRun {
  config: RlConfig;
  yaml: string;
  /** How the answers were scored. */
  scoring: ScoreOptions;
  steps: readonly RlStep[];
  ledger: readonly LedgerEntry[];
  rollouts: readonly Rollouts[];
}

/** One evaluation of one model. */
export interface Bench {
  summary: BenchSummary;
  predictions: readonly Prediction[];
}

/** Reads the folder of a finished SFT run. Throws as `readRlRun`. */
export async function readSftRun(folder: string): Promise<SftRun> {
  const yaml = await readText(join(folder, "config.yaml"));
  const steps = await readSomeLines(join(folder, "metrics.jsonl"), SftStep);
  const ledger = await readLines(join(folder, "ledger.jsonl"), LedgerEntry);
  return { yaml, steps, ledger, parameters: await countParameters(join(folder, "model")) };
}

/**
 * Reads the folder of a finished RL run.
 *
 * @throws {RunFileError} `RUN_FILE_MISSING`, or `RUN_LINE_BROKEN` with file and line.
 */
export async function readRlRun(folder: string): Promise<RlRun> {
  const file = join(folder, "config.yaml");
  const [yaml, config] = [await readText(file), await readYaml(file, RlConfig)];
  const steps = await readSomeLines(join(folder, "metrics.jsonl"), RlStep);
  const ledger = await readLines(join(folder, "ledger.jsonl"), LedgerEntry);
  const rollouts = await readSomeLines(join(folder, "rollouts.jsonl"), Rollouts);
  return { config, yaml, scoring: tgrpoOptions(config), steps, ledger, rollouts };
}

/** Reads the evaluation `name` of a bench folder. Throws as `readRlRun`. */
export async function readBench(folder: string, name: string): Promise<Bench> {
  return {
    summary: await readJson(join(folder, `${name}.json`), BenchSummary),
    predictions: await readSomeLines(join(folder, `${name}.predictions.jsonl`), Prediction),
  };
}

/** Numbers in all safetensors files of a model folder. */
async function countParameters(folder: string): Promise<number> {
  const files = (await orMissing(folder, readdir(folder))).filter((name) => name.endsWith(".safetensors"));
  let count = 0;
  for (const name of files) {
    const file = openSafetensors(join(folder, name));
    for (const tensor of file.names) count += file.info(tensor).shape.reduce((size, length) => size * length, 1);
    file.close();
  }
  return count;
}
