import { type AppOptions, progress } from "@videor1/cli";
import {
  type ChatRequest,
  createSlots,
  isFatalForAll,
  type OpenedServers,
  openServers,
  type ServedReply,
  type ServerOptions,
  type Slots,
} from "@videor1/served-model";
import type { Journal } from "../files/journal.ts";
import { forEach } from "../for-each.ts";
import { type Answers, failureOf, missingSamples, withReply } from "./answers.ts";
import { answersTo } from "./answers-to.ts";
import { type AnnotateConfig, fewestShown } from "./config.ts";
import { type Question, readQuestions } from "./read-questions.ts";
import { requestOf } from "./request-of.ts";

/**
 * Asks servers for the samples that the journal lacks; each reply is in it at once. At most `decodeAhead` records beyond those
 * that the servers work on hold frames.
 *
 * @throws {ServedModelError} If no server can answer any question.
 * @throws The signal's reason once it is aborted.
 */
export async function askServers(
  config: AnnotateConfig,
  server: ServerOptions,
  journal: Journal<Answers>,
  { signal, print }: AppOptions,
): Promise<void> {
  const lacking = async function* () {
    for await (const { question } of readQuestions(config))
      if (question && missingSamples(answersTo(question, journal), config) > 0) yield question;
  };
  let waiting = 0;
  for await (const _ of lacking()) waiting += 1;
  if (waiting === 0) return;

  const client = openServers(config.model, server, process.env);
  await client.check(print);
  const decoding = createSlots(config.decodeAhead);
  const bar = waiting >= fewestShown ? progress({ label: "annotate", total: waiting }) : undefined;
  const began = performance.now();
  let [done, failed, tokens] = [0, 0, 0];
  try {
    const concurrency = client.concurrency + config.decodeAhead;
    await forEach(lacking(), { concurrency, signal }, async (question, signal) => {
      const answers = await ask(question, { config, client, journal, decoding, signal }, (count) => {
        tokens += count;
      });
      done += 1;
      if (answers.failure !== undefined) failed += 1;
      const rate = (1000 * tokens) / (performance.now() - began);
      bar?.update(done, { "tokens/s": rate, ...(failed > 0 && { failed }) });
    });
  } finally {
    bar?.stop();
  }
}

interface Asking {
  config: AnnotateConfig;
  client: OpenedServers;
  journal: Journal<Answers>;
  decoding: Slots;
  signal: AbortSignal;
}

/** Asks for all samples that a record lacks, and adds to the journal what came, or why nothing does. */
async function ask(
  question: Question,
  { config, client, journal, decoding, signal }: Asking,
  onTokens: (count: number) => void,
): Promise<Answers> {
  const { failure: _, ...before } = answersTo(question, journal);
  let answers: Answers = before;
  const add = (more: Answers): Answers => {
    journal.add(question.key, more);
    answers = more;
    return more;
  };
  const fail = (error: unknown): Answers => {
    signal.throwIfAborted();
    if (isFatalForAll(error)) throw error;
    return add({ ...answers, failure: failureOf(error) });
  };
  let request: ChatRequest;
  const first = answers.samples.length;
  try {
    await decoding.take(signal);
    const samples = { first, count: config.n - first };
    request = await requestOf(question, config, samples, signal).finally(decoding.release);
  } catch (error) {
    return fail(error);
  }
  const seed = (request.seed as number) - first;
  while (answers.samples.length < config.n) {
    const asked = answers.samples.length;
    const count = Math.min(config.samplesPerRequest ?? config.n, config.n - asked);
    let reply: ServedReply;
    try {
      reply = await client.completeAll({ ...request, n: count, seed: seed + asked }, signal);
    } catch (error) {
      return fail(error);
    }
    onTokens(reply.usage?.completionTokens ?? 0);
    add(withReply(answers, reply));
  }
  return answers;
}
