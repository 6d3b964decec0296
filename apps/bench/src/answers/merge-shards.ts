import type { Prediction } from "@videor1/eval";
import type { BenchConfig } from "../config.ts";
import type { FrameOrder } from "../questions/frame-order.ts";
import type { Question } from "../questions/question.ts";
import { type QuestionSet, questionsIn } from "../questions/question-set.ts";
import { openAnswers } from "./answer-files.ts";
import { ShardError, shardFolder, shardsIn } from "./shard.ts";

/**
 * Joins the answers of all parts into the files that a run in one process writes, byte for byte, after proving that the parts
 * have this config's settings, and that each question ended in exactly one of them.
 *
 * @throws {ShardError} If a part or a question is missing, or a question is in two parts.
 * @throws {RunConfigError} If a part was asked by other settings.
 */
export async function mergeShards(
  set: QuestionSet,
  folder: string,
  config: BenchConfig,
  orders: readonly FrameOrder[],
): Promise<Map<FrameOrder, Prediction[]>> {
  const stored = new Map<FrameOrder, Prediction[][]>(orders.map((order) => [order, []]));
  for (const shard of shardsIn(folder)) {
    const part = await openAnswers(shardFolder(folder, shard), config, set.inputs, orders);
    for (const order of orders) stored.get(order)!.push([...part.of(order).stored]);
    await part.close([]);
  }
  const whole = await openAnswers(folder, config, set.inputs, orders);
  try {
    const merged = new Map<FrameOrder, Prediction[]>();
    for (const order of orders) {
      const predictions = joined(folder, questionsIn(set, order), stored.get(order)!);
      for (const prediction of predictions) await whole.of(order).append(prediction);
      merged.set(order, predictions);
    }
    return merged;
  } finally {
    await whole.close(set.questions);
  }
}

/** The prediction of each question, in their order. */
function joined(
  folder: string,
  questions: readonly Question[],
  parts: readonly (readonly Prediction[])[],
): Prediction[] {
  const found = new Map<string, Prediction>();
  const all = parts.flatMap((part) => [...new Map(part.map((line) => [String(line.problemId), line])).values()]);
  for (const prediction of all) {
    const id = String(prediction.problemId);
    if (found.has(id))
      throw new ShardError(
        folder,
        `question ${id} is in two parts`,
        "Ask all parts with the same batchSize and number of parts.",
      );
    found.set(id, prediction);
  }
  const missing = questions.filter(({ problemId }) => !found.has(String(problemId)));
  if (missing.length > 0)
    throw new ShardError(
      folder,
      `${missing.length} of ${questions.length} questions have no answer, the first is ${missing[0]!.problemId}`,
      "Run the parts again: each goes on where it stopped.",
    );
  return questions.map(({ problemId }) => found.get(String(problemId))!);
}
