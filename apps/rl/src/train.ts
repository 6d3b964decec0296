/** T-GRPO: questions to a policy that answers them better, one optimizer step per batch of prompts. */
import {
  createLoader,
  type Example,
  type FailedExample,
  type LoaderState,
  loadClip,
  readExamples,
} from "@videor1/data";
import { checkClipSize, loadProcessorConfig } from "@videor1/model-qwen25vl";
import { batchSize, groupMetrics, type MetricName, type Metrics } from "@videor1/tgrpo";
import {
  type AppOptions,
  failureEntry,
  finiteStep,
  learningRateAt,
  ledgerTable,
  NonFiniteLossError,
  openRun,
  progress,
  type Run,
  randomStream,
  scheduleOf,
  splitEvenly,
  type WorkerPool,
  workerPool,
} from "@videor1/train";
import type { RlConfig } from "./config.ts";
import type { Job, RlCalls, RlWorkerData } from "./protocol.ts";

/**
 * Trains and saves the policy. A run that was stopped goes on from its last checkpoint; one that has ended is left alone.
 *
 * @returns The folder of the trained model.
 */
export async function trainRl(config: RlConfig, options: AppOptions): Promise<{ modelDir: string }> {
  const { model, outputDir, data, maxSteps } = config;
  const run = await openRun<LoaderState>({
    outputDir,
    config,
    inputs: [model, data.records],
    totalSteps: maxSteps,
    module: import.meta.url,
    logs: ["rollouts.jsonl"],
  });
  try {
    if (run.done) options.print(`${outputDir} holds a finished run`);
    else await train(config, run, options);
    for (const line of ledgerTable(run.ledger.totals(), `${outputDir}/ledger.jsonl`)) options.print(line);
    return { modelDir: run.modelDir };
  } finally {
    run.close();
  }
}

async function train(config: RlConfig, run: Run<LoaderState>, options: AppOptions): Promise<void> {
  const examples = await readExamples(config.data.records);
  const workers = Math.min(config.engine.workers, config.gradientAccumulationSteps);
  const data: RlWorkerData = { config, checkpoint: run.checkpoint };
  const pool = workerPool<RlCalls>(new URL("./worker.mjs", import.meta.url), workers, data);
  try {
    const [{ engine, parameters, gradientBytes }] = (await pool.all("open", {})) as [RlCalls["open"]["reply"]];
    run.setEngine(engine);
    const { backend, device, reason } = engine;
    options.print(`${(parameters / 1e6).toFixed(2)} M parameters on ${workers} x ${backend}, ${device} (${reason})`);
    await pool.all("share", { memory: new SharedArrayBuffer(gradientBytes) });
    options.signal.throwIfAborted(); // from here on, only after a checkpoint
    if (run.step < run.totalSteps) await trainSteps(pool, examples, config, run, options.signal);
    await pool.call(0, "finish", { folder: run.modelDir });
  } finally {
    await pool.close();
  }
}

async function trainSteps(
  pool: WorkerPool<RlCalls>,
  examples: readonly Example[],
  config: RlConfig,
  run: Run<LoaderState>,
  signal: AbortSignal,
): Promise<void> {
  const schedule = scheduleOf(config.optimizer, run.totalSteps);
  const bar = progress({ label: "T-GRPO", total: run.totalSteps, done: run.step });
  try {
    for await (const { loaded, failed, next } of clipBatches(examples, config, run.position)) {
      const seedOf = (i: number) => randomStream(config.seed, "prompt", run.step, i).int(2 ** 31);
      const jobs = loaded.map(({ example, value: clip }, i): Job => ({ example, clip, seed: seedOf(i) }));
      const others = failed.map(failureOf);
      const problemIds = jobs.map(({ example }) => example.problemId);
      const made = await finiteStep(() => trainStep(pool, jobs, config, learningRateAt(schedule, run.step)));
      if (made.isFinite) {
        const { metrics, records } = made.value ?? { records: [] };
        for (const record of records) run.append("rollouts.jsonl", record);
        run.endStep({ trained: jobs.length, others, metrics });
        bar.update(run.step, {
          accuracy: metrics?.["reward/accuracy"],
          gap: metrics?.["temporal/gap"],
          contrast: metrics?.["contrast/delta"],
        });
      } else run.skipStep({ problemIds, reason: made.reason, others });
      await run.checkpointIfDue(next, signal, (request) => pool.call(0, "checkpoint", request));
      if (run.step >= run.totalSteps) break;
    }
  } finally {
    bar.stop();
  }
}

const failureOf = ({ example, reason }: FailedExample) => failureEntry(example.problemId, reason);

/** Endless batches of prompts with their clips decoded. */
async function* clipBatches(examples: readonly Example[], config: RlConfig, state: LoaderState | undefined) {
  const processorConfig = await loadProcessorConfig(config.model);
  yield* createLoader({
    examples,
    batchSize: config.promptsPerStep,
    seed: config.seed,
    epochs: Number.POSITIVE_INFINITY,
    dropLast: examples.length >= config.promptsPerStep,
    ...(state && { state }),
    async load(example, signal) {
      const clip = await loadClip(example, config.data.media, { seed: config.seed, signal });
      checkClipSize(clip, processorConfig);
      return clip;
    },
  });
}

/**
 * Samples and scores answers to the jobs' prompts, then makes `iterations` optimizer steps with them; none without jobs.
 *
 * @throws {NonFiniteLossError} Or NON_FINITE_GRADIENT or NON_FINITE_LOGITS of a worker; the update is not made then.
 */
async function trainStep(pool: WorkerPool<RlCalls>, jobs: readonly Job[], config: RlConfig, learningRate: number) {
  if (jobs.length === 0) return undefined;
  const started = performance.now();
  const parts = splitEvenly(jobs, config.gradientAccumulationSteps);
  const sampled = await Promise.all(parts.map((jobs, part) => pool.call(part, "rollout", { part, jobs })));
  const groups = sampled.flatMap(({ groups }) => groups);
  const scores = sampled.flatMap(({ scores }) => scores);
  const batch = batchSize(groups);

  let update: Metrics & { gradNorm?: number } = {};
  for (let iteration = 0; iteration < config.loss.iterations; iteration++) {
    const shares = await Promise.all(parts.map((_, part) => pool.call(part, "gradients", { part, batch })));
    const sums = sumByName(shares);
    if (!Number.isFinite(sums.loss)) throw new NonFiniteLossError(sums.loss!);
    const [applied] = await pool.all("apply", { parts: parts.length, learningRate });
    update = { ...sums, gradNorm: applied!.gradNorm };
  }
  const tokensPerSecond = batch.tokens / ((performance.now() - started) / 1000);
  const metrics = { ...update, learningRate, ...groupMetrics(groups, scores), tokensPerSecond };
  return { metrics, records: sampled.flatMap(({ records }) => records) };
}

/** Sums of the parts' shares of each metric. */
function sumByName(shares: readonly Metrics[]): Metrics {
  const total: Metrics = {};
  for (const share of shares)
    for (const [name, value] of Object.entries(share) as [MetricName, number][])
      total[name] = (total[name] ?? 0) + value;
  return total;
}
