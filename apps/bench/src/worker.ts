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
import { type Shown, showFrames } from "./frame-order.ts";
import type { BenchCalls, BenchWorkerData } from "./protocol.ts";
import { failureOf, framesOf, type Outcome, type Question } from "./question.ts";

serveWorker<BenchWorkerData, BenchCalls>(async ({ config }, _, signal) => {
  const { seed, data } = config;
  const { maxCompletionLength, ...sampling } = config.generation;
  const engine = await initEngine(workerEngine(config.engine, availableParallelism()));
  const processor = await loadProcessor(config.model);
  const { tokenizer } = processor;
  checkTags(processor, config.model, answerTags);
  const { opened, endTokenId } = assistantTurn(processor);
  const turnEnd = { templateId: endTokenId, tokenizerId: tokenizer.eosTokenId };
  const base = await loadModel(config.model, { dtype: config.dtype, turnEnd });
  const model = config.adapter === undefined ? base : withAdapter(base, await loadAdapter(config.adapter, base.config));

  const loadFrom = (mediaRoot: string) => {
    const media: MediaOptions = { ...data.media, mediaRoot };
    const check = (clips: readonly LoadedClip[]) => {
      for (const clip of clips) checkClipSize(clip, processor.config);
    };
    const load = clipLoader(media, { seed, check });
    return async (question: Question) => {
      const clips = await load(question);
      checkMessages(question.turns);
      return clips;
    };
  };

  /** The model's answers, in the order of the questions. */
  async function answer(questions: readonly (Shown & { id: Question["problemId"] })[]): Promise<Outcome[]> {
    if (questions.length === 0) return [];
    const inputs = processor(
      questions.map(({ turns }) => turns),
      questions.map(({ clips }) => clips),
      { addGenerationPrompt: true },
    );
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
      const loaded = await Promise.allSettled(questions.map(loadFrom(mediaRoot)));
      const shown = questions.flatMap(({ problemId: id, turns }, i) => {
        const result = loaded[i]!;
        if (result.status === "rejected") return [];
        return [{ id, ...showFrames({ turns, clips: result.value }, frames, randomStream(seed, "shuffle", id)) }];
      });
      const answers = (await answer(shown)).values();
      const outcomes = loaded.map(
        (result): Outcome => (result.status === "rejected" ? failureOf(result.reason) : answers.next().value!),
      );
      return { outcomes };
    },
  };
});
