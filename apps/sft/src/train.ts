/** Supervised fine-tuning: records, phase by phase, to a checkpoint that T-GRPO starts from. */
import { createLoader, type Example, type LoaderState, loadClip, readExamples } from "@videor1/data";
import {
  type CheckpointRequest,
  learningRateAt,
  openRun,
  progress,
  scheduleOf,
  splitEvenly,
  workerPool,
} from "@videor1/train";
import type { SftConfig } from "./config.ts";
import type { Job, SftCalls } from "./protocol.ts";

export interface TrainOptions {
  signal: AbortSignal;
  /** Lines for the user; progress goes to the terminal by itself. */
  print: (line: string) => void;
}

/** Where the loader stands: in which phase, and where in its records. */
interface SftPosition {
  phase: number;
  loader: LoaderState | null;
}

/** Steps done before each phase, and after the last. */
function boundaries(phases: SftConfig["data"]["phases"]): number[] {
  const starts = [0];
  for (const { steps } of phases) starts.push(starts.at(-1)! + steps);
  return starts;
}

/**
 * Trains and saves the model. A run that was stopped goes on from its last checkpoint; one that has ended is left alone.
 *
 * @returns The folder of the trained model.
 */
export async function trainSft(config: SftConfig, { signal, print }: TrainOptions): Promise<{ modelDir: string }> {
  const phases = await Promise.all(config.data.phases.map(({ records }) => readExamples(records)));
  const starts = boundaries(config.data.phases);
  const totalSteps = starts.at(-1)!;
  const run = openRun<SftPosition>({ outputDir: config.outputDir, config, totalSteps });
  if (run.done) {
    run.close();
    print(`${config.outputDir} holds a finished run`);
    return { modelDir: run.modelDir };
  }

  const pool = workerPool<SftCalls>(new URL("./worker.mjs", import.meta.url), config.engine.workers, {
    config,
    checkpoint: run.checkpoint,
  });
  const bar = progress({ label: "SFT", total: totalSteps, done: run.step });
  try {
    const [{ backend, parameters, gradientBytes }] = (await pool.all("open", {})) as [SftCalls["open"]["reply"]];
    print(`${(parameters / 1e6).toFixed(2)} M parameters on ${pool.size} x ${backend}, ${totalSteps} steps`);
    await pool.all("share", { memory: new SharedArrayBuffer(gradientBytes) });
    const save = (request: CheckpointRequest) => pool.call(0, "checkpoint", request);
    let position = run.position ?? { phase: 0, loader: null };

    for (const [phase, examples] of phases.entries()) {
      if (run.step >= starts[phase + 1]!) continue;
      const from = position.phase === phase ? position.loader : null;
      for await (const { loaded, failed, next } of clipBatches(examples, config, phase, from)) {
        const started = performance.now();
        run.ledger.fail(
          failed.map(({ example, reason }) => ({ problemId: example.problemId, reason: reason.message })),
        );
        const jobs: Job[] = loaded.map(({ example, value: clip }) => ({ example, clip }));
        const parts = splitEvenly(jobs, config.gradientAccumulationSteps);
        const replies = await Promise.all(parts.map((jobs, part) => pool.call(part, "gradients", { part, jobs })));
        const tokens = replies.reduce((sum, reply) => sum + reply.tokens, 0);
        const loss = replies.reduce((sum, reply) => sum + reply.lossSum, 0) / tokens;
        const learningRate = learningRateAt(scheduleOf(config.optimizer, totalSteps), run.step);
        const [{ gradNorm }] = (await pool.all("apply", { parts: parts.length, tokens, learningRate })) as [
          SftCalls["apply"]["reply"],
        ];
        run.ledger.train(jobs.length);
        position = { phase, loader: next };
        const seconds = (performance.now() - started) / 1000;
        run.log({ loss, gradNorm, learningRate, tokens, tokensPerSecond: tokens / seconds });
        await run.checkpointIfDue(position, signal, save);
        bar.update(run.step, { loss, gradNorm });
        if (run.step >= starts[phase + 1]!) break;
      }
    }
    await pool.call(0, "finish", { folder: run.modelDir });
  } finally {
    bar.stop();
    await pool.close();
    run.close();
  }
  return { modelDir: run.modelDir };
}

/** Endless batches of decoded examples. */
function clipBatches(examples: readonly Example[], config: SftConfig, phase: number, state: LoaderState | null) {
  return createLoader({
    examples,
    batchSize: config.batchSize,
    seed: config.seed + phase,
    epochs: Number.POSITIVE_INFINITY,
    dropLast: examples.length >= config.batchSize,
    ...(state && { state }),
    load: (example, signal) => loadClip(example, config.data.media, { seed: config.seed, signal }),
  });
}
