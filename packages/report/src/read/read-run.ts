import { readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  metricsFile,
  predictionsPath,
  readBenchSummary,
  readLedger,
  readMetrics,
  readPredictions,
  readRolloutTexts,
  readRunFile,
  readRunText,
  rolloutsFile,
} from "@videor1/runs";
import { openSafetensors } from "@videor1/safetensors";
import type { ScoreOptions } from "@videor1/tgrpo";
import { parse as parseYaml } from "yaml";
import type { z } from "zod";
import { orMissing, someLines } from "./run-files.ts";
import type { BenchSummary, LedgerEntry, Prediction, RlStep, Rollouts, SftStep } from "./run-schema.ts";

/** The files of an SFT run, steps ascending. */
export interface SftRun {
  /** The text of the run's config.yaml. */
  yaml: string;
  steps: readonly SftStep[];
  ledger: readonly LedgerEntry[];
  /** Number of parameters of the saved model. */
  parameters: number;
}

/** The part of an RL run's config that a report needs. */
export interface RlSettings {
  seed: number;
  /** Folder that the paths of the media are relative to. */
  mediaRoot: string;
  scoring: ScoreOptions;
}

/** Reads the settings from a run's `config.yaml`; the training app provides it. */
export type RlSettingsSchema = z.ZodType<RlSettings>;

/** The files of an RL run, steps ascending. */
export interface RlRun {
  config: Omit<RlSettings, "scoring">;
  yaml: string;
  scoring: ScoreOptions;
  steps: readonly RlStep[];
  ledger: readonly LedgerEntry[];
  rollouts: readonly Rollouts[];
}

/** One evaluation of one model. */
export interface Bench {
  summary: Pick<BenchSummary, "name" | "grading" | "gradingOptions" | "nframes">;
  predictions: readonly Prediction[];
}

/** Refuses a line that was cut short: a finished run has none. */
const finished = { cutLine: "refuse" } as const;

/** Reads the folder of a finished SFT run. Throws as `readRlRun`. */
export async function readSftRun(folder: string): Promise<SftRun> {
  return {
    yaml: readRunText(join(folder, "config.yaml")),
    steps: someLines(join(folder, metricsFile), readMetrics(folder, finished)),
    ledger: readLedger(folder, finished),
    parameters: await countParameters(join(folder, "model")),
  };
}

/**
 * Reads the folder of a finished RL run.
 *
 * @throws {RunFileError} `RUN_FILE_MISSING`, or `RUN_FILE_BROKEN` with file and line.
 */
export async function readRlRun(folder: string, settings: RlSettingsSchema): Promise<RlRun> {
  const file = join(folder, "config.yaml");
  const { scoring, ...config } = readRunFile(file, parseYaml, settings);
  return {
    config,
    yaml: readRunText(file),
    scoring,
    steps: someLines(join(folder, metricsFile), readMetrics(folder, finished)),
    ledger: readLedger(folder, finished),
    rollouts: someLines(join(folder, rolloutsFile), readRolloutTexts(folder, finished)),
  };
}

/** Reads the evaluation `name` of a bench folder. Throws as `readRlRun`. */
export async function readBench(folder: string, name: string): Promise<Bench> {
  return {
    summary: readBenchSummary(folder, name),
    predictions: someLines(predictionsPath(folder, name), readPredictions(folder, name, finished)),
  };
}

/** Number of elements in all safetensors files of a model folder. */
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
