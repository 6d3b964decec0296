/** Supervised fine-tuning: records, phase by phase, to a checkpoint that T-GRPO starts from. */

import { type AppOptions, engineLine, makeRun, parametersLine, progress } from "@videor1/cli";
import {
  checkPrepared,
  clipLoader,
  createLoader,
  type ExampleSource,
  type FailedExample,
  type LoaderState,
  mediaFailureCodes,
  messages,
  openRecords,
  type RecordError,
  readHeldBack,
} from "@videor1/data";
import { warnOfIdleAdapter } from "@videor1/model-qwen25vl";
import { beginPlan } from "@videor1/plan";
import { inputFailureCodes, loadInputCheck } from "@videor1/processor-qwen25vl";
import { failureEntry, finiteStep, type Run, type RunOptions, type Validated } from "@videor1/runs";
import {
  closePool,
  handOver,
  learningRateAt,
  scheduleOf,
  splitEvenly,
  type WorkerPool,
  workerPool,
} from "@videor1/train";
import { SftConfig } from "./config.ts";
import { planOf } from "./plan.ts";
import type { Job, SftCalls, SftWorkerData } from "./protocol.ts";
import { readOptions } from "./read-options.ts";
import { validate } from "./validate.ts";
import { type ConfigWithSteps, withSteps } from "./with-steps.ts";

/** Position of the loader: the phase, and the state within it. */
interface SftPosition {
  phase: number;
  loader: LoaderState | null;
}

/**
 * Trains and saves the model. A stopped run resumes from its last checkpoint; a finished one is left alone.
 *
 * @returns The folder of the trained model.
 */
export async function trainSft(given: SftConfig, options: AppOptions): Promise<{ modelDir: string }> {
  const config = await withSteps(given);
  const { model, adapter, outputDir, data, validation } = config;
  const run: RunOptions = {
    outputDir,
    config,
    parseConfig: (saved) => SftConfig.parse(saved),
    inputs: [
      model,
      ...(adapter === undefined ? [] : [adapter]),
      ...data.phases.map(({ records }) => records),
      ...(validation ? [validation.records] : []),
    ],
    totalSteps: data.phases.reduce((total, { steps }) => total + steps, 0),
    stepsKey: `data.phases.${data.phases.length - 1}.steps`,
    module: import.meta.url,
    validation: validation && { ...validation, lowerIsBetter: true },
  };
  return await makeRun<SftPosition>(run, (run) => train(config, run, options), options.print);
}

async function train(config: ConfigWithSteps, run: Run<SftPosition>, options: AppOptions): Promise<void> {
  await beginPlan(config, planOf, options);
  const read = { ...readOptions(config), print: options.print };
  const leftOut: RecordError[] = [];
  const onLeftOut = (error: RecordError) => void leftOut.push(error);
  if (config.optimizer.warmupSteps >= run.totalSteps)
    options.print(
      `Warning: optimizer.warmupSteps ${config.optimizer.warmupSteps} is not below the run's ${run.totalSteps} steps: the learning rate is never reached.`,
    );
  warnOfIdleAdapter(config.adapter, options.print);
  await checkPrepared(config.data.media);
  const phases = await Promise.all(
    config.data.phases.map(({ records }) => openRecords(records, { ...read, onLeftOut })),
  );
  run.leaveOut(leftOut);
  const { validation } = config;
  const heldBack = await readHeldBack(validation, phases, read);
  const workers = Math.min(config.engine.workers, config.gradientAccumulationSteps);
  const data: SftWorkerData = { config, checkpoint: run.checkpoint };
  const pool = workerPool<SftCalls>(new URL("./worker.ts", import.meta.url), workers, data);
  try {
    const [{ engine, ...counts }] = (await pool.all("open", {})) as [SftCalls["open"]["reply"]];
    run.setEngine(engine);
    options.print(`${parametersLine(counts)} on ${engineLine(engine, workers)}`);
    options.signal.throwIfAborted(); // from here on, only after a checkpoint
    const validateNow = async () => validation && (await validate(pool, heldBack, config, validation));
    await trainPhases({ pool, phases, validateNow, config, run, signal: options.signal });
    await pool.call(0, "finish", { folder: run.modelDir });
  } finally {
    await closePool(pool);
    for (const records of phases) records.close();
  }
}

interface Training {
  pool: WorkerPool<SftCalls>;
  phases: readonly ExampleSource[];
  validateNow: () => Promise<Validated | undefined>;
  config: ConfigWithSteps;
  run: Run<SftPosition>;
  signal: AbortSignal;
}

async function trainPhases({ pool, phases, validateNow, config, run, signal }: Training): Promise<void> {
  const schedule = scheduleOf(config.optimizer, run.totalSteps);
  const bar = progress({ label: "SFT", total: run.totalSteps, done: run.step });
  let end = 0;
  try {
    for (const [phase, examples] of phases.entries()) {
      end += config.data.phases[phase]!.steps;
      if (run.isOver || run.step >= end) continue;
      const from = run.position?.phase === phase ? run.position.loader : null;
      for await (const { loaded, failed, next } of clipBatches(examples, config, phase, from)) {
        const jobs = loaded.map(({ example, value: clips }): Job => ({ example, clips }));
        const others = failed.map(failureOf);
        const problemIds = jobs.map(({ example }) => example.problemId);
        const made = await finiteStep(() => trainStep(pool, jobs, config, learningRateAt(schedule, run.step)));
        if (made.isFinite) {
          const validation = run.isValidationDue ? await validateNow() : undefined;
          run.endStep({ trained: jobs.length, others, metrics: made.value, validation });
          bar.update(run.step, {
            loss: made.value?.loss,
            validation: validation?.value,
            gradNorm: made.value?.gradNorm,
          });
        } else run.skipStep({ problemIds, reason: made.reason, others });
        await run.checkpointIfDue({ phase, loader: next }, signal, async (request) => {
          const [first] = await pool.all("checkpoint", request);
          return first!;
        });
        if (run.isOver || run.step >= end) break;
      }
    }
  } finally {
    bar.stop();
  }
}

const failureOf = ({ example, reason }: FailedExample) =>
  failureEntry(example.problemId, reason, { ...mediaFailureCodes, ...inputFailureCodes });

/**
 * Makes one optimizer step: each worker computes its parts of the batch, then all apply the same update. Without jobs there
 * is no step.
 *
 * @throws {NonFiniteLossError} Or NON_FINITE_GRADIENT of a worker; nothing is changed then.
 */
async function trainStep(pool: WorkerPool<SftCalls>, jobs: readonly Job[], config: SftConfig, learningRate: number) {
  if (jobs.length === 0) return undefined;
  const started = performance.now();
  const batch = splitEvenly(jobs, config.gradientAccumulationSteps).map(handOver);
  const isOf = (worker: number, part: number) => part % pool.size === worker;
  const [update] = await pool.each("update", (worker) => ({
    request: { parts: batch.map(({ jobs }, part) => (isOf(worker, part) ? jobs : null)), learningRate },
    transfer: batch.flatMap(({ transfer }, part) => (isOf(worker, part) ? transfer : [])),
  }));
  const { loss, gradNorm, tokens } = update!;
  const tokensPerSecond = tokens / ((performance.now() - started) / 1000);
  return { loss, gradNorm, learningRate, tokens, tokensPerSecond };
}

/** Endless batches of decoded examples. */
async function* clipBatches(examples: ExampleSource, config: SftConfig, phase: number, state: LoaderState | null) {
  const { data, seed, model } = config;
  const check = await loadInputCheck(model);
  yield* createLoader({
    examples,
    load: clipLoader(data.media, {
      seed,
      check: (clips, example) => check(clips, messages(example, { stage: "sft", ...data.prompt })),
    }),
    batchSize: config.batchSize,
    seed: seed + phase,
    epochs: Number.POSITIVE_INFINITY,
    dropLast: examples.length >= config.batchSize,
    ...(state && { state }),
  });
}
