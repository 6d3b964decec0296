import type { AppOptions } from "@videor1/cli";
import type { Answer, Outcome } from "@videor1/eval";
import { isFatalForAll, openServers, outputOf, type ServedAnswer, type ServerOptions } from "@videor1/served-model";
import type { BenchConfig } from "../config.ts";
import { framesOf, type Question } from "../questions/question.ts";
import type { AnswerEngine, AnswerRequest } from "./engine.ts";
import { requestOf } from "./request-of.ts";

/**
 * Asks chat servers, with frames that are cut and resized here, so that a model sees the same wherever it runs. Each question is
 * asked by itself, several at a time on each server.
 *
 * @throws {ServedModelError} OPTIONS, if an address or the key's variable cannot be used.
 */
export function servedEngine(config: BenchConfig, server: ServerOptions, { print }: AppOptions): AnswerEngine {
  const client = openServers(config.model, server, process.env);

  /** One question's answer. Frames are loaded once it is the question's turn. */
  async function ask(question: Question, request: AnswerRequest): Promise<Answer> {
    const { request: body, clips } = await requestOf(question, config, server, request);
    return answerOf(await client.complete(body, request.signal), framesOf(clips));
  }

  return {
    batchSize: 1,
    togetherSize: 1,
    concurrency: client.concurrency,
    async open() {
      await client.check(print);
    },
    async answer(questions, request) {
      return await Promise.all(
        questions.map(async (question): Promise<Outcome> => {
          try {
            return await ask(question, request);
          } catch (error) {
            if (request.signal.aborted || isFatalForAll(error)) throw error;
            return error as Error;
          }
        }),
      );
    },
    isFatal: isFatalForAll,
    close: async () => {},
  };
}

const answerOf = (answer: ServedAnswer, clips: Answer["clips"]): Answer => ({
  output: outputOf(answer),
  ...((answer.finishReason === "stop" || answer.finishReason === "length") && { finishReason: answer.finishReason }),
  ...(answer.usage && { completionTokens: answer.usage.completionTokens }),
  clips,
});
