/** Supervised fine-tuning: records, phase by phase, to a checkpoint that T-GRPO starts from. */

import { type AppOptions, engineLine, makeRun, parametersLine, progress } from "@videor1/cli";
import {
  type Claim,
  checkPrepared,
  type ExampleSource,
  type FailedExample,
  type LoadedClip,
  type LoadedExample,
  type LoaderState,
  mediaFailureCodes,
  openRecords,
  type RecordError,
  readHeldBack,
  sharedLoader,
} from "@videor1/data";
import { alone, type Peers } from "@videor1/launch";
import { warnOfIdleAdapter } from "@videor1/model-qwen25vl";
import { beginPlan } from "@videor1/plan";
import { inputFailureCodes } from "@videor1/processor-qwen25vl";
import { failureEntry, finiteStep, type Run, type RunOptions, type Validated } from "@videor1/runs";
import {
  closePool,
  handOver,
  learningRateAt,
  openWorkers,
  partsOfPlaces,
  scheduleOf,
  splitEvenly,
  type WorkerPool,
} from "@videor1/train";
import { SftConfig } from "./config.ts";
import { openMedia, type RunMedia } from "./open-media.ts";
import { planOf } from "./plan.ts";
import type { SftCalls, SftWorkerData } from "./protocol.ts";
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
  return await makeRun<SftPosition>(run, (run) => train(config, run, options), options);
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
  const { engine: engineOptions, gradientAccumulationSteps: parts } = config;
  const { peers } = options;
  const data: SftWorkerData = { config, checkpoint: run.checkpoint };
  const entry = new URL("./worker.ts", import.meta.url);
  const media = await openMedia(config, peers?.sharers);
  const pool = openWorkers<SftCalls>(entry, data, { engine: engineOptions, parts, peers });
  try {
    const [{ engine, ...counts }] = (await pool.all("open", {})) as [SftCalls["open"]["reply"]];
    run.setEngine(engine);
    options.print(`${parametersLine(counts)} on ${engineLine(engine, pool.size)}`);
    await run.throwIfStopped(options.signal); // from here on, only after a checkpoint
    const validateNow = async () =>
      validation && (await validate({ pool, examples: heldBack, media, options: validation, peers }));
    await trainPhases({ pool, phases, media, validateNow, config, run, signal: options.signal, peers });
    await pool.call(0, "finish", { folder: run.modelDir });
  } catch (error) {
    peers?.leave((error as Error).message); // the others may be waiting for this process
    throw error;
  } finally {
    await closePool(pool);
    await media.close();
    for (const records of phases) records.close();
  }
}

interface Training {
  pool: WorkerPool<SftCalls>;
  phases: readonly ExampleSource[];
  media: RunMedia;
  validateNow: () => Promise<Validated | undefined>;
  config: ConfigWithSteps;
  run: Run<SftPosition>;
  signal: AbortSignal;
  peers: Peers | undefined;
}

async function trainPhases({ pool, phases, media, validateNow, config, run, signal, peers }: Training): Promise<void> {
  const schedule = scheduleOf(config.optimizer, run.totalSteps);
  const bar = progress({ label: "SFT", total: run.totalSteps, done: run.step, peers });
  let end = 0;
  try {
    for (const [phase, examples] of phases.entries()) {
      end += config.data.phases[phase]!.steps;
      if (run.isOver || run.step >= end) continue;
      const from = run.position?.phase === phase ? run.position.loader : null;
      let waiting = performance.now();
      for await (const { loaded, failed, next } of clipBatches({ examples, config, media, phase, from, peers })) {
        const waited = secondsSince(waiting);
        const others = failed.map(failureOf);
        const problemIds = loaded.map(({ example }) => example.problemId);
        const learningRate = learningRateAt(schedule, run.step);
        const made = await finiteStep(() => trainStep(pool, loaded, config, { learningRate, waited }));
        if (made.isFinite) {
          const validation = run.isValidationDue ? await validateNow() : undefined;
          run.endStep({ trained: loaded.length, others, metrics: made.value, validation });
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
        waiting = performance.now();
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
 * @param waited - Seconds that the batch was waited for.
 * @throws {NonFiniteLossError} Or NON_FINITE_GRADIENT of a worker; nothing is changed then.
 */
async function trainStep(
  pool: WorkerPool<SftCalls>,
  loaded: readonly LoadedExample<Claim<LoadedClip[]>>[],
  config: SftConfig,
  { learningRate, waited }: { learningRate: number; waited: number },
) {
  if (loaded.length === 0) return undefined;
  const started = performance.now();
  const batch = splitEvenly(loaded, config.gradientAccumulationSteps);
  const jobsOf = async (part: typeof loaded) =>
    handOver(await Promise.all(part.map(async ({ example, value: clips }) => ({ example, clips: await clips() }))));
  const claims = [0];
  const [update] = await pool.each("update", async (worker) => {
    const own = await Promise.all(batch.map((part, i) => (i % pool.size === worker ? jobsOf(part) : null)));
    claims.push(secondsSince(started));
    const transfer = own.flatMap((part) => part?.transfer ?? []);
    return { request: { parts: own.map((part) => part?.value ?? null), learningRate }, transfer };
  });
  const { loss, gradNorm, tokens } = update!;
  const tokensPerSecond = tokens / secondsSince(started);
  const wait = Math.round(1000 * (waited + Math.max(...claims))) / 1000;
  return { loss, gradNorm, learningRate, tokens, tokensPerSecond, "seconds/wait": wait };
}

const secondsSince = (began: number): number => (performance.now() - began) / 1000;

interface ClipBatchesArgs {
  examples: ExampleSource;
  media: RunMedia;
  config: SftConfig;
  phase: number;
  from: LoaderState | null;
  peers: Peers | undefined;
}

/** Endless batches of examples, made ready where they will probably be used: those of two batches are loading or wait. */
async function* clipBatches({ examples, config, media, phase, from, peers = alone }: ClipBatchesArgs) {
  const { seed } = config;
  const parts = partsOfPlaces(config.batchSize, config.gradientAccumulationSteps);
  yield* sharedLoader({
    examples,
    peers,
    ownerOf: (position) => parts[position % parts.length]!,
    load: media.load,
    batchSize: config.batchSize,
    seed: seed + phase,
    epochs: Number.POSITIVE_INFINITY,
    dropLast: examples.length >= config.batchSize,
    ...(from && { state: from }),
  });
}
