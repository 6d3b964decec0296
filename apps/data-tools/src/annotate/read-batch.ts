import { readBatchOutput } from "@videor1/served-model";
import type { Journal } from "../files/journal.ts";
import { type Answers, failureOf, missingSamples, withReply } from "./answers.ts";
import { answersTo } from "./answers-to.ts";
import { batchIds } from "./batch-id.ts";
import type { AnnotateConfig } from "./config.ts";
import { type Question, readQuestions } from "./read-questions.ts";

/** A batch's output holds no answer that is wanted. */
export class OtherBatchError extends Error {
  override readonly name = "OtherBatchError";
  readonly code = "BATCH_OTHER";
  readonly hint =
    "Give the settings that emitBatch was given: model, prompt, generation, media, seed and records decide what is asked.";
}

/**
 * Takes the answers of batches' output files into the journal; failed requests too. Answers that it has already are passed over.
 *
 * @returns How many were taken, and how many answer no question of these records and settings.
 * @throws {ServedModelError} REPLY_BROKEN, naming the line, for a file that is no output of a batch.
 * @throws {OtherBatchError} If no answer of a file is one to these records and settings.
 */
export async function readBatch(
  files: string | readonly string[],
  config: AnnotateConfig,
  journal: Journal<Answers>,
): Promise<{ taken: number; foreign: number }> {
  const idOf = batchIds(config);
  const wanted = new Map<string, Pick<Question, "key" | "asked">>();
  const known = new Set<string>();
  for await (const { question } of readQuestions(config)) {
    if (!question) continue;
    const answers = answersTo(question, journal);
    known.add(withoutSample(idOf(question, 0)));
    if (missingSamples(answers, { n: config.n, retryFailed: true }) > 0)
      wanted.set(idOf(question, answers.samples.length), { key: question.key, asked: question.asked });
  }
  let [taken, foreign] = [0, 0];
  for (const file of [files].flat()) {
    let own = 0;
    for await (const { customId, result } of readBatchOutput(file)) {
      const question = wanted.get(customId);
      if (!known.has(withoutSample(customId))) foreign += 1;
      else own += 1;
      if (question === undefined) continue;
      const { failure: _, ...answers } = answersTo(question, journal);
      const isFailed = result instanceof Error;
      journal.add(question.key, isFailed ? { ...answers, failure: failureOf(result) } : withReply(answers, result));
      wanted.delete(customId);
      taken += 1;
    }
    if (own === 0) throw new OtherBatchError(`${file}: none of its answers is one to these records and settings`);
  }
  return { taken, foreign };
}

const withoutSample = (id: string): string => id.replace(/\.\d+$/, "");
