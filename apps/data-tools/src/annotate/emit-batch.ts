import { type AppOptions, progress } from "@videor1/cli";
import { batchLine } from "@videor1/served-model";
import type { Journal } from "../files/journal.ts";
import { type Answers, failureOf, missingSamples } from "./answers.ts";
import { answersTo } from "./answers-to.ts";
import { batchFiles } from "./batch-files.ts";
import { batchIds } from "./batch-id.ts";
import { type AnnotateConfig, fewestShown } from "./config.ts";
import { type Question, readQuestions } from "./read-questions.ts";
import { requestOf } from "./request-of.ts";

/** What a batch came to. */
export interface EmittedBatch {
  /** Its files. */
  batches: string[];
  requests: number;
  /** Records whose media failed: they are in the journal. */
  failed: number;
}

/**
 * Writes what the journal lacks as batch files, a request a line in the order of the records, for `vllm run-batch` or an OpenAI
 * batch. A file appears once it is whole.
 *
 * @throws {OutputThereError} If a file's place is taken by something that is no file.
 */
export async function emitBatch(
  path: string,
  config: AnnotateConfig,
  journal: Journal<Answers>,
  { signal }: AppOptions,
): Promise<EmittedBatch> {
  const idOf = batchIds(config);
  const lacking = async function* () {
    for await (const { question } of readQuestions(config))
      if (question && missingSamples(answersTo(question, journal), config) > 0) yield question;
  };

  /** Undefined if the record has failed. */
  async function lineOf(question: Question): Promise<string | undefined> {
    const { failure: _, ...answers } = answersTo(question, journal);
    const [first, count] = [answers.samples.length, config.n - answers.samples.length];
    try {
      return batchLine(idOf(question, first), await requestOf(question, config, { first, count }, signal));
    } catch (error) {
      signal.throwIfAborted();
      journal.add(question.key, { ...answers, failure: failureOf(error) });
      return undefined;
    }
  }

  /** The lines in their order, `decodeAhead` of them being made at a time. */
  async function* lines(): AsyncGenerator<string | undefined> {
    const begun: Promise<{ line: string | undefined } | { error: unknown }>[] = [];
    const next = async (): Promise<string | undefined> => {
      const made = (await begun.shift())!;
      if ("error" in made) throw made.error;
      return made.line;
    };
    for await (const question of lacking()) {
      signal.throwIfAborted();
      const line = lineOf(question);
      begun.push(
        line.then(
          (line) => ({ line }),
          (error: unknown) => ({ error }),
        ),
      );
      if (begun.length >= config.decodeAhead) yield await next();
    }
    while (begun.length > 0) yield await next();
  }

  let total = 0;
  for await (const _ of lacking()) total += 1;
  const bar = total >= fewestShown ? progress({ label: "batch", total }) : undefined;
  const files = batchFiles(path, config.batchRequests);
  let [requests, failed] = [0, 0];
  try {
    for await (const line of lines()) {
      if (line === undefined) failed += 1;
      else {
        files.write(line);
        requests += 1;
      }
      bar?.update(requests + failed, failed > 0 ? { failed } : {});
    }
    return { batches: files.finish(), requests, failed };
  } finally {
    bar?.stop();
    files.discard();
  }
}
