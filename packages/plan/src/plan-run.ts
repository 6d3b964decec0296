import { AdapterError, ModelConfigError } from "@videor1/model-qwen25vl";
import { type Job, withLeastText } from "./job.ts";
import { type Machine, machineFor, type Place } from "./machine.ts";
import { isOutOfReach, makePlan, type Plan } from "./make-plan.ts";
import { phasesOf, remembered } from "./phases.ts";
import { adviceOf, DoesNotFitError, lackLines } from "./plan-error.ts";
import { planLine, planLines } from "./plan-lines.ts";
import { type Setting, settingsThatFit, withSettings } from "./settings-that-fit.ts";

/** A run as its app describes it. */
export interface RunToPlan<Config extends Place> {
  config: Config;
  /** What had to be assumed of files that are not there yet, a sentence each. */
  assumed: readonly string[];
  jobOf(config: Config): Job;
  /** A changed config, completed by its schema; undefined where the schema refuses it. */
  parse(config: unknown): Config | undefined;
  /** Settings that need less and keep the method, those that change the run's results least first. */
  candidates: readonly Setting[];
  /** A setting that needs less and is another method. */
  otherMethod: Setting;
}

/** Prints what a run will need, here or on a named card; where it does not fit, the settings that would. @returns Whether it fits. */
export async function printPlan<Config extends Place>(
  run: RunToPlan<Config>,
  { card, print }: { card?: string | undefined; print: (line: string) => void },
): Promise<boolean> {
  const machine = machineFor(run.config, card);
  const job = run.jobOf(run.config);
  const plan = await makePlan(job, machine);
  for (const line of [...run.assumed, ...planLines(job, plan), ""]) print(line);
  if (plan.lacks.length === 0) {
    const spare = 1 - plan.needed / plan.card.memoryBytes;
    print(`It fits, with ${Number((100 * spare).toPrecision(2))} % of the memory to spare.`);
    return true;
  }
  print(`It does not fit: ${lackLines(plan).join("; ")}.`);
  print(adviceOf(plan, await settingsFor(run, machine)));
  return false;
}

interface BeginOptions {
  ignorePlan?: boolean | undefined;
  print: (line: string) => void;
  /** The processes of the run, and how many of them share a machine; default: this one alone. */
  peers?: { size: number; sharers: number } | undefined;
}

const ranksOf = ({ size, sharers }: { size: number; sharers: number }) => ({
  ranks: size,
  machines: Math.ceil(size / sharers),
});

/**
 * Prints the plan of a run that begins on torch, in one line. Nothing is planned of files that are missing or broken: the run
 * itself says what is wrong with them. A run that cannot be counted begins with a warning.
 *
 * @param planOf - The run of a config.
 * @throws {DoesNotFitError} If it cannot fit, however short the texts are, unless that is to be ignored.
 */
export async function beginPlan<Config extends Place>(
  config: Config,
  planOf: (config: Config) => RunToPlan<Config>,
  { ignorePlan = false, print, peers }: BeginOptions,
  here: Machine = machineFor(config),
): Promise<void> {
  const machine = { ...here, ...(peers && ranksOf(peers)) };
  if (!["auto", "torch"].includes(config.engine.backend)) return;
  let run: RunToPlan<Config>;
  let job: Job;
  try {
    run = planOf(config);
    job = run.jobOf(config);
  } catch (error) {
    if (error instanceof ModelConfigError || error instanceof AdapterError) return;
    throw error;
  }
  if (run.assumed.length > 0) return;
  let plan: Plan;
  try {
    plan = await makePlan(job, machine);
  } catch (error) {
    return print(`Warning: what this run needs of memory cannot be counted: ${(error as Error).message}.`);
  }
  print(planLine(plan));
  if (plan.lacks.length === 0) return;
  const cannotFit = (await makePlan(withLeastText(job), machine)).lacks.length > 0;
  if (cannotFit && !ignorePlan) throw new DoesNotFitError(plan, await settingsFor(run, machine));
  const { textTokens } = job.prompt;
  const how = cannotFit ? "it does not fit" : `with prompts of ${textTokens} tokens of text it would not fit`;
  print(`Warning: ${how}: ${lackLines(plan).join("; ")}.`);
}

/** Alternatives, each a list of settings that go together. */
export async function settingsFor<Config extends Place>(
  { config, jobOf, parse, candidates, otherMethod }: RunToPlan<Config>,
  machine: Machine,
): Promise<string[][]> {
  const count = remembered(phasesOf);
  const fits = async (settings: readonly Setting[]) => {
    const changed = parse(withSettings(config, settings));
    if (!changed) return undefined;
    const job = jobOf(changed);
    return !isOutOfReach(job, machine) && (await makePlan(job, machine, count)).lacks.length === 0;
  };
  return [...(await settingsThatFit(candidates, fits)), ...(await settingsThatFit([otherMethod], fits))];
}
