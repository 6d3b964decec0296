/** One replica of the model that answers questions. */
import { availableParallelism } from "node:os";
import { initEngine } from "@videor1/engine";
import { loadAdapter, loadModel, withAdapter } from "@videor1/model-qwen25vl";
import { answerTags, assistantTurn, checkTags, loadProcessor } from "@videor1/processor-qwen25vl";
import { randomStream } from "@videor1/random";
import { serveWorker, workerEngine } from "@videor1/train";
import { framesOf, type Outcome } from "../questions/question.ts";
import type { BenchCalls, BenchWorkerData } from "./protocol.ts";
import type { ShownQuestion } from "./question-media.ts";

serveWorker<BenchWorkerData, BenchCalls>(async ({ config, ranks }, _, signal) => {
  const { seed } = config;
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

  /** The model's answers, in the order of the questions. */
  async function answer(questions: readonly ShownQuestion[]): Promise<Outcome[]> {
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

    answer: async ({ questions }) => ({ outcomes: await answer(questions) }),
  };
});
