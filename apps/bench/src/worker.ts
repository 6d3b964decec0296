/** One replica of the model that answers questions. */
import { availableParallelism } from "node:os";
import { clipLoader, type Example, type LoadedClip, messages, permuteVideos } from "@videor1/data";
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
import type { BenchCalls, BenchWorkerData, Outcome } from "./protocol.ts";

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
  const turnsOf = (example: Example) => messages(example, { stage: "eval", ...data.prompt });
  const load = clipLoader(data.media, {
    seed,
    check(clips, example) {
      for (const clip of clips) checkClipSize(clip, processor.config);
      checkMessages(turnsOf(example));
    },
  });

  const shuffle = (clips: readonly LoadedClip[], { problemId }: Example): LoadedClip[] =>
    permuteVideos(clips, randomStream(seed, "shuffle", problemId).permutation).clips;

  /** The model's answers, in the order of the questions. */
  async function answer(questions: readonly { example: Example; clips: LoadedClip[] }[]): Promise<string[]> {
    if (questions.length === 0) return [];
    const inputs = processor(
      questions.map(({ example }) => turnsOf(example)),
      questions.map(({ clips }) => clips),
      { addGenerationPrompt: true },
    );
    const seeds = questions.map(({ example }) => randomStream(seed, "answer", example.problemId).int(2 ** 31));
    const { sequences } = await model.generate(inputs, {
      ...sampling,
      maxNewTokens: maxCompletionLength,
      repetitionPenalty: 1,
      seeds,
      signal,
    });
    // what the prompt opened belongs to the answer
    return sequences.map((ids) => opened + tokenizer.decode([...ids], { skipSpecialTokens: true }));
  }

  return {
    open: () => ({ engine }),

    async answer({ examples, shuffled }) {
      const loaded = await Promise.allSettled(examples.map((example) => load(example)));
      const questions = examples.flatMap((example, i) => {
        const result = loaded[i]!;
        if (result.status === "rejected") return [];
        return [{ example, clips: shuffled ? shuffle(result.value, example) : result.value }];
      });
      const outputs = await answer(questions);
      const outcomes: Outcome[] = [];
      let answered = 0;
      for (const result of loaded) {
        if (result.status === "rejected") outcomes.push({ reason: (result.reason as Error).message });
        else outcomes.push({ output: outputs[answered++]! });
      }
      return { outcomes };
    },
  };
});
