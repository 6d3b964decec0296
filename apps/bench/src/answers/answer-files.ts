import { join } from "node:path";
import { openPredictions, type Prediction, type PredictionsFile } from "@videor1/eval";
import { keepSettings, lockRun, runSettings } from "@videor1/runs";
import { BenchConfig } from "../config.ts";
import type { FrameOrder } from "../questions/frame-order.ts";
import type { Question } from "../questions/question.ts";

/**
 * Settings that may change when an evaluation is resumed: answers do not depend on them, except for the rounding of another
 * engine.
 */
const resumableKeys = [
  "outputDir",
  "benchmark",
  "engine",
  "server",
  "batchSize",
  "limit",
  "tasks",
  "compare",
  "compareShuffled",
  "scorers",
  "page",
  "judge",
  "emitBatch",
  "grading",
  "gradingOptions",
];

/** The stored answers of an evaluation, or of a part of it, and the lock on their folder. */
export interface AnswerFiles {
  of(frames: FrameOrder): PredictionsFile;
  /** Closes the files, the lines in the order of the questions, and releases the folder. */
  close(questions: readonly Question[]): Promise<void>;
}

/**
 * Opens the answers in a folder, `<order>.jsonl` for each order of the frames, and keeps the settings beside them.
 *
 * @param inputs - Files whose content the answers depend on, besides the model's.
 * @throws {RunConfigError} If the answers there are those of another model or other settings.
 */
export async function openAnswers(
  folder: string,
  config: BenchConfig,
  inputs: readonly string[],
  orders: readonly FrameOrder[],
): Promise<AnswerFiles> {
  const lock = lockRun(folder);
  const files = new Map<FrameOrder, PredictionsFile>();
  const close = async (questions: readonly Question[]) => {
    for (const file of files.values()) await file.close(questions);
    lock.release();
  };
  try {
    const { shard: _, ...settled } = config; // how the questions are divided changes no answer
    const settings = await runSettings(settled, [...modelFiles(config), ...inputs], folder);
    for (const order of orders) files.set(order, await openPredictions(join(folder, `${order}.jsonl`)));
    const isAnswered = ({ status }: Prediction) => status === "answered";
    const isBegun = [...files.values()].some(({ stored }) => stored.some(isAnswered));
    keepSettings(folder, settings, { isBegun, resumableKeys, parseConfig: (saved) => BenchConfig.parse(saved) });
  } catch (error) {
    await close([]);
    throw error;
  }
  return { of: (order) => files.get(order)!, close };
}

/** The folders that a model in this process is read from. */
const modelFiles = ({ model, adapter, server }: BenchConfig): string[] =>
  server ? [] : [model, ...(adapter === undefined ? [] : [adapter])];
