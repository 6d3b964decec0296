import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { RunFileError } from "./errors.ts";
import { BenchSummary, Prediction, RlStep, Rollouts, SftStep } from "./run-schema.ts";

/** One evaluation of one model. */
export interface Bench {
  summary: BenchSummary;
  predictions: readonly Prediction[];
}

/** What a finished run left behind, steps ascending. */
export interface Run {
  sft: readonly SftStep[];
  rl: readonly RlStep[];
  rollouts: readonly Rollouts[];
  /** In the order asked for, e.g. after SFT, after RL. */
  benches: readonly Bench[];
}

export interface RunFolders {
  sftDir: string;
  rlDir: string;
  benchDir: string;
  /** Names of the evaluations, in the order in which the models were trained. */
  benches: readonly string[];
}

/**
 * Reads a finished run. A resumed run repeats the steps after its checkpoint: the last line of a step (in rollouts: of
 * a question of a step) counts.
 *
 * @throws {RunFileError} `RUN_FILE_MISSING`, or `RUN_LINE_BROKEN` with file and line.
 */
export async function readRun({ sftDir, rlDir, benchDir, benches }: RunFolders): Promise<Run> {
  const [sft, rl, rollouts] = await Promise.all([
    readLines(join(sftDir, "metrics.jsonl"), SftStep),
    readLines(join(rlDir, "metrics.jsonl"), RlStep),
    readLines(join(rlDir, "rollouts.jsonl"), Rollouts),
  ]);
  return {
    sft: lastOfEach(sft, ({ step }) => step),
    rl: lastOfEach(rl, ({ step }) => step),
    rollouts: lastOfEach(rollouts, ({ step, problemId }) => `${step}/${problemId}`),
    benches: await Promise.all(benches.map((name) => readBench(benchDir, name))),
  };
}

async function readBench(folder: string, name: string): Promise<Bench> {
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

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
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

/** The last value of each key, by step; within a step in the order of first appearance. */
function lastOfEach<T extends { step: number }>(values: readonly T[], key: (value: T) => string | number): T[] {
  return [...new Map(values.map((value) => [key(value), value])).values()].sort((a, b) => a.step - b.step);
}
