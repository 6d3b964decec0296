import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { openSafetensors } from "@videor1/safetensors";
import type { ScoreOptions } from "@videor1/tgrpo";
import type { z } from "zod";
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

/** What a report needs of the config of an RL run. */
export interface RlSettings {
  seed: number;
  /** Folder that the paths of the media are relative to. */
  mediaRoot: string;
  /** How the answers were scored. */
  scoring: ScoreOptions;
}

/** Reads the settings from a run's `config.yaml`; whoever trains knows how. */
export type RlSettingsSchema = z.ZodType<RlSettings>;

/** What an RL run left behind, steps ascending. */
export interface RlRun {
  config: Omit<RlSettings, "scoring">;
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
export async function readRlRun(folder: string, settings: RlSettingsSchema): Promise<RlRun> {
  const file = join(folder, "config.yaml");
  const yaml = await readText(file);
  const { scoring, ...config } = await readYaml(file, settings);
  const steps = await readSomeLines(join(folder, "metrics.jsonl"), RlStep);
  const ledger = await readLines(join(folder, "ledger.jsonl"), LedgerEntry);
  const rollouts = await readSomeLines(join(folder, "rollouts.jsonl"), Rollouts);
  return { config, yaml, scoring, steps, ledger, rollouts };
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
