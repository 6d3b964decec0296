import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { openSafetensors } from "@videor1/engine";
import { parse as parseYaml } from "yaml";
import type { z } from "zod";
import { RunFileError } from "./errors.ts";
import { BenchSummary, Prediction, RlStep, Rollouts, SftStep, StageConfig } from "./run-schema.ts";

/** One evaluation of one model. */
export interface Bench {
  summary: BenchSummary;
  predictions: readonly Prediction[];
}

/** What a finished run left behind, steps ascending. */
export interface Run {
  seed: number;
  /** Numbers in the model that RL saved. */
  parameters: number;
  /** The resolved config of each training stage, as YAML. */
  configs: Record<"sft" | "rl", string>;
  sft: readonly SftStep[];
  rl: readonly RlStep[];
  rollouts: readonly Rollouts[];
  /** In the order asked for, e.g. after SFT, after RL. */
  benches: readonly Bench[];
}

/**
 * Reads a finished run: `sft/`, `rl/` and `bench/` of its folder, as the apps wrote them.
 *
 * @param benches - names of the evaluations, in the order in which the models were trained.
 * @throws {RunFileError} `RUN_FILE_MISSING`, or `RUN_LINE_BROKEN` with file and line.
 */
export async function readRun(runDir: string, benches: readonly string[]): Promise<Run> {
  const at = (...parts: string[]) => join(runDir, ...parts);
  const configs = { sft: await readText(at("sft", "config.yaml")), rl: await readText(at("rl", "config.yaml")) };
  return {
    seed: check(at("rl", "config.yaml"), undefined, parseYaml(configs.rl), StageConfig).seed,
    parameters: await countParameters(at("rl", "model")),
    configs,
    sft: await readLines(at("sft", "metrics.jsonl"), SftStep),
    rl: await readLines(at("rl", "metrics.jsonl"), RlStep),
    rollouts: await readLines(at("rl", "rollouts.jsonl"), Rollouts),
    benches: await Promise.all(benches.map((name) => readBench(at("bench"), name))),
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

/** Summary and predictions of the evaluation `name`. */
export async function readBench(folder: string, name: string): Promise<Bench> {
  const file = join(folder, `${name}.json`);
  return {
    summary: parse(file, undefined, await readText(file), BenchSummary),
    predictions: await readLines(join(folder, `${name}.predictions.jsonl`), Prediction),
  };
}

async function readLines<T extends z.ZodType>(file: string, schema: T): Promise<z.infer<T>[]> {
  const lines = (await readText(file)).split("\n");
  const values = lines.flatMap((text, i) => (text.trim() === "" ? [] : [parse(file, i + 1, text, schema)]));
  if (values.length === 0) throw broken(file, 1, "the file has no line");
  return values;
}

const readText = (file: string): Promise<string> => orMissing(file, readFile(file, "utf8"));

async function orMissing<T>(file: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    const reason =
      cause instanceof Error && "code" in cause && cause.code === "ENOENT" ? "no such file" : String(cause);
    const hint = "The report needs a finished run; start it again with the same arguments and it goes on from there.";
    throw new RunFileError("RUN_FILE_MISSING", { file, reason, hint }, { cause });
  }
}

function parse<T extends z.ZodType>(file: string, line: number | undefined, text: string, schema: T): z.infer<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw broken(file, line, `not JSON (${(cause as SyntaxError).message})`, cause);
  }
  return check(file, line, value, schema);
}

function check<T extends z.ZodType>(file: string, line: number | undefined, value: unknown, schema: T): z.infer<T> {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  throw broken(file, line, error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
}

function broken(file: string, line: number | undefined, reason: string, cause?: unknown): RunFileError {
  const hint = "The line was cut short or changed after the run; delete it, or run this stage again.";
  return new RunFileError(
    "RUN_LINE_BROKEN",
    { file, ...(line === undefined ? {} : { line }), reason, hint },
    cause === undefined ? undefined : { cause },
  );
}
