import { join } from "node:path";
import type { AppOptions } from "@videor1/cli";
import type { Prediction } from "@videor1/eval";
import type { BenchConfig } from "../config.ts";
import { createEngine } from "../engines/create-engine.ts";
import type { AnswerEngine } from "../engines/engine.ts";
import { comparedOrders, type FrameOrder } from "../questions/frame-order.ts";
import { type QuestionSet, questionsIn } from "../questions/question-set.ts";
import { type AnswerFiles, openAnswers } from "./answer-files.ts";
import { askAll } from "./ask.ts";
import { mergeShards } from "./merge-shards.ts";
import { shardFolder, shardOf, shareOf } from "./shard.ts";

/** Answers by the order of the frames: to all questions in `ordered`, to the videos among them in the others. */
export type Answers = ReadonlyMap<FrameOrder, readonly Prediction[]>;

/** Questions whose answers are stored in one folder. */
interface Part {
  set: QuestionSet;
  files: AnswerFiles;
}

/** The orders that a config asks in, `ordered` first. */
export function ordersOf({ compare, compareShuffled }: Pick<BenchConfig, "compare" | "compareShuffled">): FrameOrder[] {
  const isAsked = (order: (typeof comparedOrders)[number]) =>
    compare.includes(order) || (order === "shuffled" && compareShuffled);
  return ["ordered", ...comparedOrders.filter(isAsked)];
}

/**
 * Asks the questions of all sets, by one engine. Each answer is stored in `<outputDir>/<set>` at once, so the same command
 * resumes a stopped evaluation. With a `shard` only its part is asked and stored, in a folder of its own.
 *
 * @returns the answers of each set; undefined if only a part was asked.
 * @throws {RunConfigError} If the answers there are those of another model or other settings.
 * @throws The signal's reason once it is aborted.
 */
export async function askSets(
  sets: readonly QuestionSet[],
  config: BenchConfig,
  options: AppOptions,
): Promise<Answers[] | undefined> {
  const orders = ordersOf(config);
  const folderOf = ({ name }: QuestionSet) => join(config.outputDir, name);
  if (config.shard === "merge") {
    const merged: Answers[] = [];
    for (const set of sets) merged.push(await mergeShards(set, folderOf(set), config, orders));
    return merged;
  }
  const engine = createEngine(config, options);
  const shard = config.shard === undefined ? undefined : shardOf(config.shard);
  const parts: Part[] = [];
  try {
    for (const set of sets) {
      const folder = shard === undefined ? folderOf(set) : shardFolder(folderOf(set), shard);
      const questions = shard === undefined ? set.questions : shareOf(set.questions, engine.togetherSize, shard);
      parts.push({ set: { ...set, questions }, files: await openAnswers(folder, config, set.inputs, orders) });
    }
    if (parts.some((part) => lacksAnswers(part, orders))) await engine.open();
    const answers: Answers[] = [];
    for (const part of parts) answers.push(await askOrders(part, orders, engine, options.signal));
    return shard === undefined ? answers : undefined;
  } finally {
    await engine.close();
    for (const { set, files } of parts) await files.close(set.questions);
  }
}

async function askOrders(
  { set, files }: Part,
  orders: readonly FrameOrder[],
  engine: AnswerEngine,
  signal: AbortSignal,
) {
  const { name, mediaRoot } = set;
  const answers = new Map<FrameOrder, Prediction[]>();
  for (const frames of orders) {
    const questions = questionsIn(set, frames);
    answers.set(frames, await askAll({ engine, name, questions, frames, mediaRoot, store: files.of(frames), signal }));
  }
  return answers;
}

function lacksAnswers({ set, files }: Part, orders: readonly FrameOrder[]): boolean {
  return orders.some((frames) => {
    const answered = files.of(frames).stored.filter(({ status }) => status === "answered");
    const ids = new Set(answered.map(({ problemId }) => String(problemId)));
    return questionsIn(set, frames).some(({ problemId }) => !ids.has(String(problemId)));
  });
}
