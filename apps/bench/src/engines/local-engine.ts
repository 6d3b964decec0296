import { type AppOptions, engineLine } from "@videor1/cli";
import { warnOfIdleAdapter } from "@videor1/model-qwen25vl";
import { handOver, WorkerError, type WorkerPool, workerPool } from "@videor1/train";
import type { BenchConfig } from "../config.ts";
import { failureOf, type Outcome, type Question } from "../questions/question.ts";
import type { AnswerEngine, AnswerRequest } from "./engine.ts";
import type { BenchCalls } from "./protocol.ts";
import { openQuestionMedia, type QuestionMedia, type ShownQuestion } from "./question-media.ts";

/** The config's model, in every one of its workers. */
export function localEngine(config: BenchConfig, { signal, print, ranks }: AppOptions): AnswerEngine {
  const open = async () => {
    warnOfIdleAdapter(config.adapter, print);
    const entry = new URL("./worker.ts", import.meta.url);
    const pool = workerPool<BenchCalls>(entry, config.engine.workers, { config, ranks }, { signal });
    try {
      const [{ engine }] = (await pool.all("open", {})) as [BenchCalls["open"]["reply"]];
      print(engineLine(engine, pool.size));
      return { pool, media: await openQuestionMedia(config, ranks?.localSize) };
    } catch (error) {
      await pool.close();
      throw error;
    }
  };
  return poolEngine(open, { workers: config.engine.workers, batchSize: config.batchSize });
}

/** What a question's clips could be made into, or its outcome if they could not. */
type Prepared = { shown: ShownQuestion } | { failed: Outcome };

/**
 * Hands out questions to workers, `batchSize` at a time each; what is computed together does not depend on their number. The clips
 * of questions to come are made ready meanwhile.
 */
export function poolEngine(
  openPool: () => Promise<{ pool: WorkerPool<BenchCalls>; media: QuestionMedia }>,
  { workers, batchSize }: { workers: number; batchSize: number },
): AnswerEngine {
  let opened: Awaited<ReturnType<typeof openPool>> | undefined;
  const ahead = new Map<Question, Promise<Prepared>>();
  const prepared = async (question: Question, request: AnswerRequest): Promise<Prepared> => {
    try {
      return { shown: await opened!.media.show(question, request) };
    } catch (error) {
      return { failed: failureOf(error) };
    }
  };

  async function answerPart(
    worker: number,
    questions: readonly Question[],
    request: AnswerRequest,
  ): Promise<Outcome[]> {
    const ready = await Promise.all(
      questions.map((question) => {
        const made = ahead.get(question) ?? prepared(question, request);
        ahead.delete(question); // its clips pass to the worker
        return made;
      }),
    );
    const shown = ready.flatMap((question) => ("shown" in question ? [question.shown] : []));
    const { outcomes } = await opened!.pool.callWith(worker, "answer", async () => {
      const { value, transfer } = handOver({ questions: shown });
      return { request: value, transfer };
    });
    const answers = outcomes.values();
    return ready.map((question) => ("failed" in question ? question.failed : answers.next().value!));
  }

  return {
    batchSize: batchSize * workers,
    togetherSize: batchSize,
    concurrency: 1,
    async open() {
      opened = await openPool();
    },
    prepare(questions, request) {
      for (const question of questions) ahead.set(question, prepared(question, request));
    },
    async answer(questions, request) {
      const parts = Array.from({ length: Math.ceil(questions.length / batchSize) }, (_, i) =>
        questions.slice(i * batchSize, (i + 1) * batchSize),
      );
      const replies = await Promise.all(parts.map((questions, i) => answerPart(i, questions, request)));
      return replies.flat().map((outcome) => {
        if ("output" in outcome) return outcome;
        const { reason, code } = outcome;
        return Object.assign(new Error(reason), code === undefined ? {} : { code });
      });
    },
    isFatal: (error) => error instanceof WorkerError && error.code === "WORKER_DIED",
    async close() {
      await opened?.pool.close();
      await opened?.media.close();
    },
  };
}
