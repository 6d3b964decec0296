/** One replica of the model that answers questions. */
import { availableParallelism } from "node:os";
import { clipLoader, type LoadedClip, type MediaOptions } from "@videor1/data";
import { initEngine } from "@videor1/engine";
import { loadAdapter, loadModel, withAdapter } from "@videor1/model-qwen25vl";
import {
  answerTags,
  assistantTurn,
  checkClipSize,
  checkMessages,
  checkTags,
  loadProcessor,
} from "@videor1/processor-qwen25vl";
import { randomStream } from "@videor1/random";
import { serveWorker, workerEngine } from "@videor1/train";
import type { FrameOrder } from "../questions/frame-order.ts";
import { failureOf, framesOf, type Outcome, type Question } from "../questions/question.ts";
import { type Shown, showQuestion } from "../questions/show-question.ts";
import type { BenchCalls, BenchWorkerData } from "./protocol.ts";

serveWorker<BenchWorkerData, BenchCalls>(async ({ config, ranks }, _, signal) => {
  const { seed, data } = config;
  const { maxCompletionLength, ...sampling } = config.generation;
  const cores = Math.floor(availableParallelism() / (ranks?.localSize ?? 1));
  const engine = await initEngine({ ...workerEngine(config.engine, cores), gpu: ranks?.localRank });
  const processor = await loadProcessor(config.model);
  const { tokenizer } = processor;
  checkTags(processor, config.model, answerTags);
  const { opened, endTokenId } = assistantTurn(processor);
  const turnEnd = { templateId: endTokenId, tokenizerId: tokenizer.eosTokenId };
  const base = await loadModel(config.model, { dtype: config.dtype, turnEnd });
  const model = config.adapter === undefined ? base : withAdapter(base, await loadAdapter(config.adapter, base.config));

  /** Loads the clips of a question, and shows them in its words. */
  const showFrom = (mediaRoot: string, frames: FrameOrder) => {
    const media: MediaOptions = { ...data.media, mediaRoot };
    const check = (clips: readonly LoadedClip[]) => {
      for (const clip of clips) checkClipSize(clip, processor.config);
    };
    const load = clipLoader(media, { seed, check });
    return async (question: Question) => {
      const random = randomStream(seed, "shuffle", question.problemId);
      const shown = showQuestion(question, await load(question), frames, random);
      checkMessages(shown.turns);
      return { ...shown, id: question.problemId };
    };
  };

  /** The model's answers, in the order of the questions. */
  async function answer(questions: readonly (Shown & { id: Question["problemId"] })[]): Promise<Outcome[]> {
    if (questions.length === 0) return [];
    const rows = questions.map(({ turns, clips, answerPrefix }) =>
      processor.row(turns, clips, { addGenerationPrompt: true, answerPrefix }),
    );
    const inputs = processor.batch(rows, { paddingSide: "left" });
    const seeds = questions.map(({ id }) => randomStream(seed, "answer", id).int(2 ** 31));
    const { sequences, finished } = await model.generate(inputs, {
      ...sampling,
      maxNewTokens: maxCompletionLength,
      repetitionPenalty: 1,
      seeds,
      signal,
    });
    return sequences.map((ids, i) => ({
      // what the prompt opened belongs to the answer
      output: opened + tokenizer.decode([...ids], { skipSpecialTokens: true }),
      finishReason: finished[i] ? "stop" : "length",
      completionTokens: ids.length,
      clips: framesOf(questions[i]!.clips),
    }));
  }

  return {
    open: () => ({ engine }),

    async answer({ questions, frames, mediaRoot }) {
      const loaded = await Promise.allSettled(questions.map(showFrom(mediaRoot, frames)));
      const shown = loaded.flatMap((result) => (result.status === "rejected" ? [] : [result.value]));
      const answers = (await answer(shown)).values();
      const outcomes = loaded.map(
        (result): Outcome => (result.status === "rejected" ? failureOf(result.reason) : answers.next().value!),
      );
      return { outcomes };
    },
  };
});
