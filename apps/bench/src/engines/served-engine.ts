import type { AppOptions } from "@videor1/cli";
import type { Answer, Outcome } from "@videor1/eval";
import {
  checkServer,
  createServedModel,
  readApiKey,
  type ServedAnswer,
  ServedModelError,
  type ServedModelErrorCode,
} from "@videor1/served-model";
import type { BenchConfig, ServerOptions } from "../config.ts";
import { framesOf, type Question } from "../questions/question.ts";
import type { AnswerEngine, AnswerRequest } from "./engine.ts";
import { requestOf } from "./request-of.ts";

/** After these no server answers any question. */
const fatalCodes: readonly ServedModelErrorCode[] = ["OPTIONS", "SERVERS_DOWN", "SERVER_SETUP"];

/** Of a refused request: the key, or the model's name, is wrong for every other question too. */
const fatalStatuses: readonly (number | undefined)[] = [401, 403, 404];

/**
 * Asks chat servers, with frames that are cut and resized here, so that a model sees the same wherever it runs. Each question is
 * asked by itself, several at a time on each server.
 *
 * @throws {ServedModelError} OPTIONS, if an address or the key's variable cannot be used.
 */
export function servedEngine(config: BenchConfig, server: ServerOptions, { print }: AppOptions): AnswerEngine {
  const { model } = config;
  const { urls, apiKeyVariable, concurrency, timeoutSeconds, maxTries, dialect, videoAs } = server;
  const apiKey = apiKeyVariable === undefined ? undefined : readApiKey(apiKeyVariable, process.env);
  const client = createServedModel({
    urls,
    model,
    timeoutSeconds,
    maxTries,
    concurrency: concurrency * urls.length,
    apiKey,
  });

  /** One question's answer. Frames are loaded once it is the question's turn. */
  async function ask(question: Question, request: AnswerRequest): Promise<Answer> {
    const { request: body, clips } = await requestOf(question, config, server, request);
    return answerOf(await client.complete(body, request.signal), framesOf(clips));
  }

  return {
    batchSize: 1,
    togetherSize: 1,
    concurrency: concurrency * urls.length,
    async open() {
      const check = { model, apiKey, dialect, videoAs, timeoutSeconds: Math.min(timeoutSeconds, 120) };
      const checked = await Promise.allSettled(urls.map((url) => checkServer({ ...check, url })));
      const failures = checked.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
      const wrong =
        failures.find((error) => !isAway(error)) ?? (failures.length === urls.length ? failures[0] : undefined);
      if (wrong !== undefined) throw wrong;
      for (const { message } of failures) print(`Left out until it answers: ${message}`);
      const facts = checked.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
      for (const { server, root, maxModelLen } of facts) {
        const about = [root, maxModelLen && `${maxModelLen} tokens at the most`].filter(Boolean).join(", ");
        print(`${model} at ${server}${about && ` (${about})`}`);
      }
    },
    async answer(questions, request) {
      return await Promise.all(
        questions.map(async (question): Promise<Outcome> => {
          try {
            return await ask(question, request);
          } catch (error) {
            if (request.signal.aborted || isFatal(error)) throw error;
            return error as Error;
          }
        }),
      );
    },
    isFatal,
    close: async () => {},
  };
}

/** What the server's reasoning parser took out of the text belongs to the answer. */
const answerOf = ({ text, reasoning, finishReason, usage }: ServedAnswer, clips: Answer["clips"]): Answer => ({
  output: reasoning === undefined ? text : `<think>${reasoning}</think>\n${text}`,
  ...((finishReason === "stop" || finishReason === "length") && { finishReason }),
  ...(usage && { completionTokens: usage.completionTokens }),
  clips,
});

/** Whether a server may come back, which others can stand in for. */
const isAway = (error: unknown): boolean =>
  error instanceof ServedModelError && (error.code === "UNREACHABLE" || error.code === "TIMED_OUT");

const isFatal = (error: unknown): boolean =>
  error instanceof ServedModelError &&
  (fatalCodes.includes(error.code) || (error.code === "REQUEST_REFUSED" && fatalStatuses.includes(error.status)));
