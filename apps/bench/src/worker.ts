/** One replica of the model that answers questions. */
import { availableParallelism } from "node:os";
import { type Example, type LoadedClip, loadClip, messages, permuteFrames } from "@videor1/data";
import { initEngine } from "@videor1/engine";
import { loadModel } from "@videor1/model-qwen25vl";
import { checkClipSize, loadProcessor } from "@videor1/processor-qwen25vl";
import { randomStream } from "@videor1/random";
import { serveWorker, workerEngine } from "@videor1/train";
import type { BenchCalls, BenchWorkerData, Outcome } from "./protocol.ts";

serveWorker<BenchWorkerData, BenchCalls>(async ({ config }) => {
  const { seed } = config;
  const { backend, device, reason } = await initEngine(workerEngine(config.engine, availableParallelism()));
  const model = await loadModel(config.model, { dtype: config.dtype });
  const processor = await loadProcessor(config.model);

  const shuffle = (clip: LoadedClip, { problemId }: Example): LoadedClip =>
    permuteFrames(clip, randomStream(seed, "shuffle", problemId).permutation(clip.frames));

  async function clipOf(example: Example): Promise<LoadedClip> {
    const clip = await loadClip(example, config.media, { seed });
    checkClipSize(clip, processor.config);
    return clip;
  }

  async function answer(questions: readonly { example: Example; clip: LoadedClip }[]): Promise<string[]> {
    const inputs = processor(
      questions.map(({ example }) => messages(example, { stage: "eval", ...config.prompt })),
      questions.map(({ clip }) => [clip]),
      { addGenerationPrompt: true },
    );
    const seeds = questions.map(({ example }) => randomStream(seed, "answer", example.problemId).int(2 ** 31));
    const { sequences } = await model.generate(inputs, { ...config.generation, repetitionPenalty: 1, seeds });
    return sequences.map((ids) => processor.tokenizer.decode([...ids], { skipSpecialTokens: true }));
  }

  return {
    open: () => ({ engine: `${backend}, ${device} (${reason})` }),

    async answer({ examples, shuffled }) {
      const loaded = await Promise.allSettled(examples.map(clipOf));
      const questions = examples.flatMap((example, i) => {
        const result = loaded[i]!;
        if (result.status === "rejected") return [];
        return [{ example, clip: shuffled ? shuffle(result.value, example) : result.value }];
      });
      const outputs = (questions.length > 0 ? await answer(questions) : []).values();
      const outcomes = loaded.map(
        (result): Outcome =>
          result.status === "rejected"
            ? { reason: (result.reason as Error).message }
            : { output: outputs.next().value! },
      );
      return { outcomes };
    },
  };
});
