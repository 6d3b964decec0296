/** T-GRPO: questions to a policy that answers them better, one optimizer step per batch of prompts. */
import { createLoader, type LoaderState, loadClip, readExamples } from "@videor1/data";
import { batchSize, groupMetrics } from "@videor1/tgrpo";
import {
  type CheckpointRequest,
  learningRateAt,
  openRun,
  progress,
  randomStream,
  scheduleOf,
  splitEvenly,
  workerPool,
} from "@videor1/train";
import type { RlConfig } from "./config.ts";
import type { Job, RlCalls } from "./protocol.ts";

export interface TrainOptions {
  signal: AbortSignal;
  /** Lines for the user; progress goes to the terminal by itself. */
  print: (line: string) => void;
}

/**
 * Trains and saves the policy. A run that was stopped goes on from its last checkpoint; one that has ended is left alone.
 *
 * @returns The folder of the trained model.
 */
export async function trainRl(config: RlConfig, { signal, print }: TrainOptions): Promise<{ modelDir: string }> {
  const examples = await readExamples(config.data.records);
  const totalSteps = config.maxSteps;
  const run = openRun<LoaderState>({
    outputDir: config.outputDir,
    config,
    totalSteps,
    logs: ["rollouts.jsonl"],
  });
  if (run.done) {
    run.close();
    print(`${config.outputDir} holds a finished run`);
    return { modelDir: run.modelDir };
  }

  const pool = workerPool<RlCalls>(new URL("./worker.mjs", import.meta.url), config.engine.workers, {
    config,
    checkpoint: run.checkpoint,
  });
  const bar = progress({ label: "T-GRPO", total: totalSteps, done: run.step });
  const batches = createLoader({
    examples,
    batchSize: config.promptsPerStep,
    seed: config.seed,
    epochs: Number.POSITIVE_INFINITY,
    dropLast: examples.length >= config.promptsPerStep,
    ...(run.position && { state: run.position }),
    load: (example, signal) => loadClip(example, config.data.media, { seed: config.seed, signal }),
  });
  try {
    const [{ backend, parameters, gradientBytes }] = (await pool.all("open", {})) as [RlCalls["open"]["reply"]];
    print(`${(parameters / 1e6).toFixed(2)} M parameters on ${pool.size} x ${backend}, ${totalSteps} steps`);
    await pool.all("share", { memory: new SharedArrayBuffer(gradientBytes) });
    const save = (request: CheckpointRequest) => pool.call(0, "checkpoint", request);

    for await (const { loaded, failed, next } of batches) {
      const started = performance.now();
      run.ledger.fail(failed.map(({ example, reason }) => ({ problemId: example.problemId, reason: reason.message })));
      const jobs = loaded.map(({ example, value: clip }, i): Job => {
        const seed = randomStream(config.seed, "prompt", run.step, i).int(2 ** 31);
        return { example, clip, seed };
      });
      const parts = splitEvenly(jobs, config.gradientAccumulationSteps);

      const sampled = await Promise.all(parts.map((jobs, part) => pool.call(part, "rollout", { part, jobs })));
      const groups = sampled.flatMap(({ groups }) => groups);
      const batch = batchSize(groups);

      let update = { loss: 0, kl: 0, clipFraction: 0, gradNorm: 0 };
      const learningRate = learningRateAt(scheduleOf(config.optimizer, totalSteps), run.step);
      for (let iteration = 0; iteration < config.loss.iterations; iteration++) {
        const losses = await Promise.all(parts.map((_, part) => pool.call(part, "gradients", { part, batch })));
        const [{ gradNorm }] = (await pool.all("apply", { parts: parts.length, learningRate })) as [
          RlCalls["apply"]["reply"],
        ];
        const total = (key: "loss" | "kl" | "clipFraction") => losses.reduce((sum, part) => sum + part[key], 0);
        update = { loss: total("loss"), kl: total("kl"), clipFraction: total("clipFraction"), gradNorm };
      }

      run.ledger.train(jobs.length);
      const metrics = groupMetrics(
        groups,
        sampled.flatMap(({ scores }) => scores),
      );
      const seconds = (performance.now() - started) / 1000;
      run.log({ ...update, learningRate, ...metrics, tokensPerSecond: batch.tokens / seconds });
      for (const { records } of sampled) for (const record of records) run.append("rollouts.jsonl", record);
      await run.checkpointIfDue(next, signal, save);
      bar.update(run.step, { accuracy: metrics["reward/accuracy"], gap: metrics["temporal/gap"] });
      if (run.step >= totalSteps) break;
    }
    await pool.call(0, "finish", { folder: run.modelDir });
  } finally {
    bar.stop();
    await pool.close();
    run.close();
  }
  return { modelDir: run.modelDir };
}
