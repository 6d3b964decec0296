import { createWriteStream, existsSync, statSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { type AppOptions, progress } from "@videor1/cli";
import { batchLine } from "@videor1/served-model";
import type { Journal } from "../files/journal.ts";
import { OutputThereError } from "../files/output-there.ts";
import { type Answers, failureOf, missingSamples } from "./answers.ts";
import { answersTo } from "./answers-to.ts";
import { batchIds } from "./batch-id.ts";
import { type AnnotateConfig, fewestShown } from "./config.ts";
import { type Question, readQuestions } from "./read-questions.ts";
import { requestOf } from "./request-of.ts";

/** What a batch file came to. */
export interface EmittedBatch {
  batch: string;
  requests: number;
  /** Records whose media failed: they are in the journal. */
  failed: number;
}

/**
 * Writes what the journal lacks as a batch file, a request a line in the order of the records, for `vllm run-batch` or an OpenAI
 * batch. The file appears once it is whole.
 *
 * @throws {OutputThereError} If its place is taken by something that is no file.
 */
export async function emitBatch(
  path: string,
  config: AnnotateConfig,
  journal: Journal<Answers>,
  { signal }: AppOptions,
): Promise<EmittedBatch> {
  if (existsSync(path) && !statSync(path).isFile())
    throw new OutputThereError(path, "is there and is no file", "Name a new file, or an old batch file.");
  const idOf = batchIds(config);
  const outcome: EmittedBatch = { batch: path, requests: 0, failed: 0 };

  async function lineOf(question: Question): Promise<string> {
    const { samples } = answersTo(question, journal);
    const [first, count] = [samples.length, config.n - samples.length];
    try {
      const request = await requestOf(question, config, { first, count }, signal);
      outcome.requests += 1;
      return batchLine(idOf(question, first), request);
    } catch (error) {
      signal.throwIfAborted();
      const { failure: _, ...answers } = answersTo(question, journal);
      journal.add(question.key, { ...answers, failure: failureOf(error) });
      outcome.failed += 1;
      return "";
    }
  }

  /** The lines in their order, `decodeAhead` of them being made at a time. */
  async function* lines(): AsyncGenerator<string> {
    const total = await countLacking(config, journal);
    const bar = total >= fewestShown ? progress({ label: "batch", total }) : undefined;
    const begun: Promise<{ line: string } | { error: unknown }>[] = [];
    let done = 0;
    const next = async (): Promise<string> => {
      const made = (await begun.shift())!;
      done += 1;
      bar?.update(done, outcome.failed > 0 ? { failed: outcome.failed } : {});
      if ("error" in made) throw made.error;
      return made.line;
    };
    try {
      for await (const { question } of readQuestions(config)) {
        if (!question || missingSamples(answersTo(question, journal), config) === 0) continue;
        signal.throwIfAborted();
        begun.push(
          lineOf(question).then(
            (line) => ({ line }),
            (error: unknown) => ({ error }),
          ),
        );
        if (begun.length >= config.decodeAhead) yield await next();
      }
      while (begun.length > 0) yield await next();
    } finally {
      bar?.stop();
    }
  }

  const temporary = `${path}.partial`;
  try {
    await pipeline(lines, createWriteStream(temporary), { signal });
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  return outcome;
}

async function countLacking(config: AnnotateConfig, journal: Journal<Answers>): Promise<number> {
  let count = 0;
  for await (const { question } of readQuestions(config))
    if (question && missingSamples(answersTo(question, journal), config) > 0) count += 1;
  return count;
}
