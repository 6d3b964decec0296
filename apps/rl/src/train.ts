/** T-GRPO: questions to a policy that answers them better, one optimizer step per batch of prompts. */

import { type AppOptions, engineLine, makeRun, parametersLine, progress } from "@videor1/cli";
import {
  checkPrepared,
  type ExampleSource,
  type LoaderState,
  mediaFailureCodes,
  openRecords,
  type RecordError,
  readHeldBack,
} from "@videor1/data";
import { warnOfIdleAdapter } from "@videor1/model-qwen25vl";
import { beginPlan } from "@videor1/plan";
import { inputFailureCodes } from "@videor1/processor-qwen25vl";
import {
  failureEntry,
  finiteStep,
  type Run,
  type RunOptions,
  rolloutsFile,
  type Validated,
  validationFile,
} from "@videor1/runs";
import { isWeighed } from "@videor1/tgrpo";
import { closePool, learningRateAt, scheduleOf, type WorkerPool } from "@videor1/train";
import { aheadPrompts } from "./ahead-prompts.ts";
import { RlConfig } from "./config.ts";
import { configWarnings } from "./config-warnings.ts";
import { makeStep } from "./make-step.ts";
import { openMedia, type RunMedia } from "./open-media.ts";
import { openPool } from "./open-pool.ts";
import { partsOf } from "./parts-of.ts";
import { planOf } from "./plan.ts";
import type { RlCalls } from "./protocol.ts";
import { readOptions } from "./read-options.ts";
import { rolloutLine } from "./rollout-line.ts";
import type { SampledStep } from "./sample-step.ts";
import { aheadRollouts } from "./served/ahead.ts";
import { checkServedHead } from "./served/check-served-head.ts";
import { openServedRollouts } from "./served/served-rollouts.ts";
import { clipBatches, stepPrompts } from "./step-prompts.ts";
import { validate } from "./validate.ts";
import { withSteps } from "./with-steps.ts";

/**
 * Trains and saves the policy. A run that was stopped goes on from its last checkpoint; one that has ended is left alone.
 *
 * @returns The folder of the trained model.
 */
export async function trainRl(given: RlConfig, options: AppOptions): Promise<{ modelDir: string }> {
  const config = await withSteps(given);
  const { model, adapter, outputDir, data, maxSteps, validation } = config;
  const run: RunOptions = {
    outputDir,
    config,
    parseConfig: (saved) => RlConfig.parse(saved),
    inputs: [
      model,
      ...(adapter === undefined ? [] : [adapter]),
      data.records,
      ...(validation ? [validation.records] : []),
      ...config.rewards.functions.map(({ path }) => path),
    ],
    totalSteps: maxSteps,
    stepsKey: "maxSteps",
    module: import.meta.url,
    logs: [rolloutsFile, validationFile],
    validation: validation && { ...validation, lowerIsBetter: false },
  };
  return await makeRun<LoaderState>(run, (run) => train(config, run, options), options);
}

async function train(config: RlConfig, run: Run<LoaderState>, options: AppOptions): Promise<void> {
  checkServedHead(config);
  await beginPlan(config, planOf, options);
  const read = { ...readOptions(config), print: options.print };
  const leftOut: RecordError[] = [];
  const onLeftOut = (error: RecordError) => void leftOut.push(error);
  for (const warning of configWarnings(config)) options.print(`Warning: ${warning}.`);
  warnOfIdleAdapter(config.adapter, options.print);
  await checkPrepared(config.data.media);
  const examples = await openRecords(config.data.records, { ...read, onLeftOut });
  run.leaveOut(leftOut);
  const { validation } = config;
  const heldBack = await readHeldBack(validation, [examples], read);
  const media = await openMedia(config, options.peers?.sharers);
  const { pool, engine, ...counts } = await openPool({ config, checkpoint: run.checkpoint }, options.peers);
  try {
    run.setEngine(engine);
    options.print(`${parametersLine(counts)} on ${engineLine(engine, pool.size)}`);
    await run.throwIfStopped(options.signal); // from here on, only after a checkpoint
    const validateNow = async () => {
      if (!validation) return undefined;
      const { validated, answers } = await validate({
        pool,
        examples: heldBack,
        config,
        media,
        options: validation,
        peers: options.peers,
      });
      for (const answer of answers) run.append(validationFile, answer);
      return validated;
    };
    await trainSteps({ pool, examples, media, validateNow, config, run, ...options });
    await pool.call(0, "finish", { folder: run.modelDir });
  } catch (error) {
    options.peers?.leave((error as Error).message); // the others may be waiting for this process
    throw error;
  } finally {
    await closePool(pool);
    await media.close();
    examples.close();
  }
}

/** Also of a worker's, which is another error with its name. */
const isOfServers = ({ name }: Error): boolean => name === "ServedModelError";

interface Training extends AppOptions {
  pool: WorkerPool<RlCalls>;
  examples: ExampleSource;
  media: RunMedia;
  validateNow: () => Promise<Validated | undefined>;
  config: RlConfig;
  run: Run<LoaderState>;
}

async function trainSteps({
  pool,
  examples,
  media,
  validateNow,
  config,
  run,
  signal,
  print,
  peers,
}: Training): Promise<void> {
  const schedule = scheduleOf(config.optimizer, run.totalSteps);
  const bar = progress({ label: "T-GRPO", total: run.totalSteps, done: run.step, peers });
  const batches = clipBatches(examples, config, media, run.position, peers);
  const waiting = peers ? undefined : signal; // several processes stop together, after a step
  const served = await openServedRollouts(config, pool, print, waiting);
  const draw = (step: number) => stepPrompts(batches, config, media, step);
  const next = aheadPrompts(draw, config.promptsPerStep);
  const ahead = served && config.rollout.maxStaleness > 0 ? aheadRollouts(served, draw, config, pool.isOwn) : undefined;
  const checkpoint = async (request: RlCalls["checkpoint"]["request"]) => (await pool.all("checkpoint", request))[0]!;
  const isStopping = () => signal.aborted && peers === undefined; // several processes agree on it when the step ends
  const isLast = () => run.step + 1 >= run.totalSteps;
  const began = run.step;
  let { position } = run;
  let prepared: Promise<void> | undefined;
  const failedAnswers: string[] = [];
  /** While a step trains, the next one's clips are loaded, permuted, and cut into patches. */
  const prepare = async (step: number) => {
    const own = partsOf(await next.drawAhead(step), config).filter((_, part) => pool.isOwn(part));
    await Promise.all(own.flat().map(({ media }) => media()));
  };
  const onSampled = ({ sampled }: SampledStep) => {
    if (!ahead && !isLast() && !isStopping()) prepared = prepare(run.step + 1).catch(() => {}); // told when the step begins
    for (const prompt of sampled) {
      failedAnswers.push(...prompt.group.failed.map(({ failed }) => failed));
      if (isWeighed(prompt.group)) run.append(rolloutsFile, rolloutLine(prompt, prompt.group));
    }
  };
  try {
    while (!run.isOver) {
      const { step } = run;
      const prompts = (ahead ?? next).promptsOf(step);
      const learningRate = learningRateAt(schedule, step);
      const made = await finiteStep(() =>
        makeStep({
          pool,
          take: prompts.take,
          config,
          step,
          learningRate,
          served: ahead?.rollouts ?? served,
          signal: waiting,
          onSampled,
          askNext: ahead && !isLast() && !isStopping() ? () => ahead.askNext(step) : undefined,
        }),
      ).catch(async (error: Error) => {
        // no weight has changed in this step: the run goes on from here once the servers are well
        const isTold = isOfServers(error) || waiting?.aborted;
        if (isTold && position && step > began)
          await run.checkpointIfDue(position, AbortSignal.abort(error), checkpoint);
        throw error;
      });
      const failures = prompts.failed.map(({ example, reason }) =>
        failureEntry(example.problemId, reason, { ...mediaFailureCodes, ...inputFailureCodes }),
      );
      if (made.isFinite) {
        const { trained, leftOut, metrics } = made.value;
        if (run.isValidationDue) await prepared; // so that all processes load in the same order
        const validation = run.isValidationDue ? await validateNow() : undefined;
        run.endStep({ trained, others: [...failures, ...leftOut], metrics, validation });
        bar.update(run.step, {
          accuracy: metrics?.["reward/accuracy"],
          gap: metrics?.["temporal/gap"],
          contrast: metrics?.["contrast/delta"],
          validation: validation?.value,
        });
      } else {
        await pool.all("discard", {});
        run.skipStep({ problemIds: prompts.problemIds, reason: made.reason, others: failures });
      }
      position = prompts.next!;
      await run.checkpointIfDue(position, signal, checkpoint);
    }
  } finally {
    ahead?.close();
    await batches.return();
    await served?.close().catch(() => {}); // servers or worker are gone, and what ended the run is told
    bar.stop();
    if (failedAnswers.length > 0)
      print(
        `${failedAnswers.length} answers could not be scored, see failed in ${rolloutsFile}; the first: ${failedAnswers[0]}`,
      );
  }
}
