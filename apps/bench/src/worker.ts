/** One replica of the model that answers questions. */
import { dispose } from "@tensorflow/tfjs-core";
import { loadClip, messages, permuteFrames } from "@videor1/data";
import { initEngine } from "@videor1/engine";
import { loadModel, loadProcessor, toTensors } from "@videor1/model-qwen25vl";
import { randomStream, serveWorker } from "@videor1/train";
import type { BenchCalls, BenchWorkerData, Outcome } from "./protocol.ts";

serveWorker<BenchWorkerData, BenchCalls>(async ({ config }) => {
  const { backend } = await initEngine({ backend: config.engine.backend });
  const model = await loadModel(config.model);
  const processor = await loadProcessor(config.model);
  const parameters = Object.values(model.parameters).reduce((sum, { size }) => sum + size, 0);

  return {
    open: () => ({ backend, parameters }),

    async answer({ examples, shuffled }) {
      const loaded = await Promise.allSettled(examples.map((example) => loadClip(example, config.media)));
      const ready = loaded.flatMap((result, i) => {
        if (result.status === "rejected") return [];
        const clip = result.value;
        if (!shuffled) return [{ i, clip }];
        const stream = randomStream(config.seed, "shuffle", examples[i]!.problemId);
        return [{ i, clip: permuteFrames(clip, stream.permutation(clip.frames)) }];
      });
      const outcomes = loaded.map(
        (result): Outcome => ({ reason: result.status === "rejected" ? String(result.reason) : "" }),
      );
      if (ready.length === 0) return { outcomes };

      const inputs = toTensors(
        processor(
          ready.map(({ i }) => messages(examples[i]!, { stage: "eval", ...config.prompt })),
          ready.map(({ clip }) => [clip]),
          { addGenerationPrompt: true },
        ),
      );
      const seeds = ready.map(({ i }) => randomStream(config.seed, "answer", examples[i]!.problemId).int(2 ** 31));
      const { sequences } = await model.generate(inputs, { ...config.generation, repetitionPenalty: 1, seeds });
      dispose({ ...inputs });
      for (const [row, { i }] of ready.entries())
        outcomes[i] = { output: processor.tokenizer.decode([...sequences[row]!], { skipSpecialTokens: true }) };
      return { outcomes };
    },
  };
});
